"""From a parsed HTML tree to lines of text, with what the markup says about stretches of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from tagger.document import Mark
from tagger.readers.securities import Security, security_of_element

TEXT = "-text"

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BLOCKS = HEADINGS | frozenset(
    (
        "html", "body", "address", "article", "blockquote", "caption", "center", "dd", "details",
        "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "form", "hr", "legend",
        "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead",
        "tr", "ul",
    )
)  # fmt: skip
_CELLS = frozenset(("td", "th"))
_BOLD = frozenset(("b", "strong"))
_DROPPED = frozenset(
    (
        "head", "script", "style", "noscript", "template", "nav", "header", "footer", "aside",
        "img", "picture", "svg", "canvas", "video", "audio", "iframe", "object", "embed", "button",
        "input", "select", "textarea", "map", "math",
    )
)  # fmt: skip

_FOLDED = re.compile(r"(\s+)|(\S+)")
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\ufeff")
# Not "visibility: hidden": WeChat's pages hide their article so until a script has run.
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
# What may stand between or around the links of a navigation line, or after a bold subtitle.
_SEPARATORS = re.compile(r"[\W_]+")
_BARE_ADDRESS = re.compile(r"<?(?:https?:)?//[^\s<>]+>?")

# A table cell that holds this much is a page laid out by tables, and its blocks are lines.
_PARAGRAPHS_OF_LAYOUT = 3
_CHARACTERS_OF_LAYOUT = 200


@dataclass
class Line:
    """One line of text. Marks are offsets into the line; ``links`` are its addresses."""

    text: str = ""
    heading: bool = False
    only_links: bool = False
    links: list[str] = field(default_factory=list)
    bare_address: str | None = None
    marks: list[Mark] = field(default_factory=list)


@dataclass
class Layout:
    """The lines of a tree in reading order, and the securities that its elements name."""

    lines: list[Line] = field(default_factory=list)
    securities: list[Security] = field(default_factory=list)


def lay_out(root: LexborNode) -> Layout:
    """Reads a tree as a browser would show it, without navigation, forms, scripts and pictures.

    Blocks, ``<br>`` and table rows are lines, cells are parted by tabs. White space within a line
    is folded to one space, or to none where a source line ends between two Chinese characters
    (CSS Text 3, segment break transformation). No line is empty.
    """
    writer = _Writer()
    for node, entering in walk(root):
        if entering:
            writer.enter(node)
        else:
            writer.leave(node)
    writer.end_line()
    return Layout(writer.lines, writer.securities)


def walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Yields every shown node on entering (True) and leaving (False) it; any depth is safe."""
    stack = [(root, True)]
    while stack:
        node, entering = stack.pop()
        yield node, entering
        if not entering or node.tag == TEXT:
            continue
        stack.append((node, False))
        child = node.last_child
        while child is not None:
            if child.tag == TEXT or child.tag in ("img", "br") or is_shown(child):
                stack.append((child, True))
            child = child.prev


def is_shown(node: LexborNode) -> bool:
    """Whether an element is part of what a reader of the article sees."""
    tag = node.tag or ""
    if tag in _DROPPED or tag.startswith(("-", "!")):
        return False
    if tag == "form":
        # Some sites wrap a whole page into one form.
        return node.css_first("p") is not None
    attributes = node.attributes
    return "hidden" not in attributes and not _HIDDEN.search(attributes.get("style") or "")


class _Writer:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.securities: list[Security] = []
        self._cells: list[bool] = []
        self._bold = 0
        self._links: list[tuple[str, Security | None]] = []
        self._preformatted = 0
        self._start_line()

    def enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == TEXT:
            self._write(node.text(deep=False))
            return
        attributes = node.attributes
        found = security_of_element(attributes)
        if found is not None:
            self.securities.append(found)
        if tag in _CELLS:
            self._open_cell(node)
        elif tag in BLOCKS or tag == "br":
            self._break()
        if tag == "a":
            self._open_link(attributes.get("href") or "", found)
        elif tag == "pre":
            self._preformatted += 1
        self._bold += _is_bold(tag, attributes.get("style"))

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == TEXT:
            return
        self._bold -= _is_bold(tag, node.attributes.get("style"))
        if tag == "a":
            self._close_link()
        elif tag == "pre":
            self._preformatted -= 1
        if tag in _CELLS:
            self._break()
            self._cells.pop()
        elif tag in BLOCKS:
            self._break()

    def end_line(self) -> None:
        """Takes the line in hand into ``lines`` if it says anything."""
        text = "".join(self._parts)
        self._mark_link()
        if text:
            bare = _BARE_ADDRESS.fullmatch(text)
            linked = bool(self._line_links) and not self._outside_links
            self.lines.append(
                Line(
                    text=text,
                    heading=self._inside_bold and not self._outside_bold,
                    only_links=linked or bare is not None,
                    links=self._line_links,
                    bare_address=text.strip("<>") if bare else None,
                    marks=self._marks,
                )
            )
        self._start_line()

    def _start_line(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._space = ""
        self._link_start: int | None = None
        self._marks: list[Mark] = []
        self._line_links: list[str] = []
        self._inside_bold = self._outside_bold = False
        self._outside_links = False

    def _open_cell(self, cell: LexborNode) -> None:
        self._cells.append(_is_data_cell(cell))
        if self._cells[-1]:
            self._space = "\t"
        else:
            self.end_line()

    def _break(self) -> None:
        """Ends the line, unless the block lies in a cell of a table of data."""
        if not (self._cells and self._cells[-1]):
            self.end_line()
        elif self._space != "\t":
            self._space = " "

    def _write(self, text: str) -> None:
        for space, word in _FOLDED.findall(text.translate(_INVISIBLE)):
            if word:
                self._write_word(word)
            elif self._preformatted and "\n" in space:
                self.end_line()
            elif not self._space:
                self._space = "\n" if "\n" in space or "\r" in space else " "

    def _write_word(self, word: str) -> None:
        if self._length and self._space:
            self._append(self._joint(word))
        self._space = ""
        if self._links:
            href, security = self._links[-1]
            if self._link_start is None:
                self._link_start = self._length
                if security is None:
                    self._line_links.append(href)
            if security is not None:
                self._outside_links = True
        said = _SEPARATORS.sub("", word)
        if said:
            self._inside_bold |= bool(self._bold)
            self._outside_bold |= not self._bold
            self._outside_links |= not self._links
        self._append(word)

    def _joint(self, word: str) -> str:
        """What stands for the white space before a word."""
        if self._space != "\n":
            return self._space
        return "" if _is_wide(self._parts[-1][-1]) and _is_wide(word[0]) else " "

    def _append(self, part: str) -> None:
        self._parts.append(part)
        self._length += len(part)

    def _open_link(self, href: str, security: Security | None) -> None:
        self._mark_link()
        self._links.append((href, security))

    def _close_link(self) -> None:
        self._mark_link()
        if self._links:
            self._links.pop()

    def _mark_link(self) -> None:
        """Marks what the innermost link has covered of the line so far."""
        if self._links and self._link_start is not None and self._link_start < self._length:
            _, security = self._links[-1]
            if security is not None:
                value = security.id or security.code
                self._marks.append(Mark(self._link_start, self._length, "security", value))
        self._link_start = None


def _is_bold(tag: str, style: str | None) -> bool:
    return tag in _BOLD or tag in HEADINGS or bool(style and _HEAVY.search(style))


def _is_data_cell(cell: LexborNode) -> bool:
    if cell.css_first("table") is not None:
        return False
    blocks = len(cell.css("p")) + len(cell.css("br"))
    if blocks < _PARAGRAPHS_OF_LAYOUT:
        return True
    return len(cell.text(deep=True)) < _CHARACTERS_OF_LAYOUT


def _is_wide(character: str) -> bool:
    # Quotes and dashes are of ambiguous width; beside Chinese they are Chinese.
    return unicodedata.east_asian_width(character) in ("F", "W", "H") or character in "“”‘’—…"
