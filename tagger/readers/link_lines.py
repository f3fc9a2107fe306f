"""Lines that are navigation and not article: footers of links, bare addresses."""

from __future__ import annotations

import re

from tagger.readers.layout import Line

# An article's own page ends in .html or carries a number; a site's front page does neither.
_OWN_ADDRESS = re.compile(r"(?:https?:)?//[^/\s]+/\S*(?:\d{5,}|\.s?html?\b)\S*", re.IGNORECASE)


def drop_link_lines(lines: list[Line]) -> tuple[list[Line], str | None]:
    """The lines without bare addresses, and without lines of links at the head and the foot.

    Also returns the first bare address among them that looks like an article's own. Headings
    stay, and so does everything where nothing else would be left.
    """
    address = next(
        (
            line.bare_address
            for line in lines
            if line.bare_address and _OWN_ADDRESS.fullmatch(line.bare_address)
        ),
        None,
    )
    kept = [line for line in lines if line.bare_address is None]
    start, end = 0, len(kept)
    while start < end and _is_navigation(kept[start]):
        start += 1
    while end > start and _is_navigation(kept[end - 1]):
        end -= 1
    return (kept[start:end], address) if start < end else (lines, None)


def _is_navigation(line: Line) -> bool:
    return line.only_links and not line.heading
