"""Sentences, windows of whole sentences, and normalisation that never moves an offset.

All functions take the text unchanged and speak offsets in code points, half open.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "tables" / "traditional.tsv"
_SPACES = "\t\v\f\r\x1c\x1d\x1e\x1f\xa0\u1680\u202f\u205f\u3000\ufeff"
_LINE_BREAKS = "\x85\u2028\u2029"
_CURRENCY_SIGNS = {"￥": "¥", "￡": "£", "￠": "¢", "￦": "₩"}

_OPENER_OF = dict(zip("”’」』）)》〉】〕]", "“‘「『（(《〈【〔[", strict=True))
_PAIR_MARK = re.compile(r"[“”‘’「」『』（）()《》〈〉【】〔〕\[\]\"\n]")
# Longer quotations and brackets hold sentences of their own.
_SHORT_PAIR = 80

_TERMINATOR = re.compile(r"\n|[。！？!?；;…]+|\.+")
# A title's 》 or 】 is left out: what stands in it ends no sentence.
_TRAILING = frozenset("。！？!?…”’」』）)")
_GOES_ON = frozenset("，,、；：的")
_ABBREVIATION = re.compile(
    r"(?:\b(?i:ltd|inc|co|corp|llc|plc|no|vs|mr|mrs|ms|dr|st|jr|sr|etc|com|cn)"
    r"|\b[A-Z]|\.[a-z])\Z"
)
_LIST_NUMBER = re.compile(r"(?:\A|[\s。！？；：])(?:\d{1,3}|[一二三四五六七八九十]{1,3})\Z")
_ATTRIBUTION = re.compile(
    r"[^。！？!?；;\n“”]{0,30}?"
    r"(?:表示|指出|认为|强调|透露|介绍|坦言|告诉|回应|解释|补充|说|說|称|稱|道)"
)
_STRONG_CUT = re.compile(r"[，：；;]|[,:](?!\d)")
_WEAK_CUT = re.compile(r"[、\s）)」』”》】]")
_HAN = re.compile(r"[\u3400-\u9fff]")
# So many characters tell in which print a text is.
_BEGINNING = 1000
_WORD = re.compile(r"\S")


def normalize(text: str) -> str:
    """The text as the model and the rules read it: same length, character by character.

    Full-width ASCII becomes half width, odd spaces become a space, traditional characters
    their commonest simplified form. The full-width comma stays: ``10，200`` is two numbers.
    """
    return text.translate(_translation())


def is_traditional(text: str) -> bool:
    """Whether a text is in traditional print, as its beginning shows: one character in ten or more
    has another simplified form. In simplified print hardly any has."""
    beginning = text[:_BEGINNING]
    pairs = zip(beginning, normalize(beginning), strict=True)
    han = [plain != character for character, plain in pairs if _HAN.match(character)]
    return 10 * sum(han) > len(han)


def well_formed(text: str) -> str:
    """The text with each lone surrogate, which UTF-8 cannot hold, as one question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


@cache
def _translation() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    del table[ord("，")]
    table |= dict.fromkeys([*map(ord, _SPACES), *range(0x2000, 0x200C)], " ")
    table |= dict.fromkeys(map(ord, _LINE_BREAKS), "\n")
    table |= {ord(sign): plain for sign, plain in _CURRENCY_SIGNS.items()}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            traditional, simplified = line.split("\t")
            table[ord(traditional)] = simplified
    return table


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences, in order, that together cover every character that is no space.

    A sentence ends at a line's end, and at a terminator outside of short quotations and
    brackets; closing quotes and brackets stay with it.
    """
    spans = []
    start = 0
    for end in _sentence_ends(text):
        stripped = text[start:end].rstrip()
        first = _WORD.search(text, start, end)
        if first:
            spans.append((first.start(), start + len(stripped)))
        start = end
    return spans


def windows(text: str, max_characters: int = 320) -> list[tuple[int, int]]:
    """Spans of runs of whole sentences, each at most ``max_characters`` code points long.

    They are in order, do not overlap and cover every character that is no space. A sentence
    that is longer is cut after a comma or the like where one is near. The last two windows
    share their sentences evenly. Raises ValueError if ``max_characters`` is less than one.
    """
    if max_characters < 1:
        raise ValueError(f"max_characters={max_characters} must be at least 1")
    runs: list[list[tuple[int, int]]] = []
    for unit in _units(text, max_characters):
        if runs and unit[1] - runs[-1][0][0] <= max_characters:
            runs[-1].append(unit)
        else:
            runs.append([unit])
    if len(runs) > 1:
        runs[-2:] = _balanced(runs[-2] + runs[-1])
    return [(run[0][0], run[-1][1]) for run in runs]


def _sentence_ends(text: str) -> Iterator[int]:
    pairs, opener_of = _short_pairs(text)
    start = index = enclosed_until = 0
    for match in _TERMINATOR.finditer(text):
        position, end = match.span()
        if position < start:
            continue
        if text[position] == "\n":
            yield end
            start = end
            continue
        while index < len(pairs) and pairs[index][0] < position:
            enclosed_until = max(enclosed_until, pairs[index][1] + 1)
            index += 1
        if not _terminates(text, position, end):
            continue
        while end < len(text) and (text[end] in _TRAILING or _is_closing(text, end, opener_of)):
            end += 1
        if end < enclosed_until or _goes_on(text, start, opener_of.get(end - 1), end):
            continue
        yield end
        start = end
    yield len(text)


def _short_pairs(text: str) -> tuple[list[tuple[int, int]], dict[int, int]]:
    """Quotations and brackets closed on their line: the short ones, and closer to opener."""
    opener_of: dict[int, int] = {}
    open_at: defaultdict[str, list[int]] = defaultdict(list)
    for match in _PAIR_MARK.finditer(text):
        mark, position = match.group(), match.start()
        if mark == "\n":
            if open_at:
                open_at = defaultdict(list)
        elif mark == '"' and open_at[mark]:
            opener_of[position] = open_at[mark].pop()
        elif mark not in _OPENER_OF:
            open_at[mark].append(position)
        elif open_at[_OPENER_OF[mark]]:
            opener_of[position] = open_at[_OPENER_OF[mark]].pop()
    short = [
        (opener, closer) for closer, opener in opener_of.items() if closer - opener <= _SHORT_PAIR
    ]
    return sorted(short), opener_of


def _terminates(text: str, position: int, end: int) -> bool:
    mark = text[position]
    before, after = text[position - 1 : position], text[end : end + 1]
    if mark in "!?;":
        return not (_is_latin(before) and _is_latin(after))
    if mark != ".":
        return True
    if end - position > 2:
        return not _is_latin(after)
    following = text[end : end + 2].lstrip(" ")[:1]
    starts_anew = _is_han(following) or (after == " " and following.isupper())
    if end - position > 1 or not starts_anew:
        return False
    preceding = text[max(0, position - 8) : position]
    if _LIST_NUMBER.search(preceding):
        return False
    if _is_latin(before):
        parted = after == " " or before.islower()
        return parted and not _ABBREVIATION.search(preceding)
    return bool(before.strip())


def _is_closing(text: str, position: int, opener_of: dict[int, int]) -> bool:
    return text[position] == '"' and position in opener_of


def _goes_on(text: str, start: int, opener: int | None, end: int) -> bool:
    """Whether the sentence goes on after its quotation, above all with who said it."""
    if opener is None:
        return False
    if text[end : end + 1] in _GOES_ON:
        return True
    if text[opener] not in '“「『"' or text[start:opener].strip():
        return False
    return _ATTRIBUTION.match(text, end) is not None


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _units(text: str, max_characters: int) -> Iterator[tuple[int, int]]:
    """The sentences, with those that are too long in pieces."""
    for start, end in split_sentences(text):
        while end - start > max_characters:
            cut = _best_cut(text, start + max_characters // 2, start + max_characters)
            yield start, start + len(text[start:cut].rstrip())
            following = _WORD.search(text, cut, end)
            start = following.start() if following else end
        yield start, end


def _best_cut(text: str, low: int, high: int) -> int:
    for pattern in (_STRONG_CUT, _WEAK_CUT):
        ends = [match.end() for match in pattern.finditer(text, low, high)]
        if ends:
            return ends[-1]
    cut = high
    while cut > low and _is_latin(text[cut - 1]) and _is_latin(text[cut]):
        cut -= 1
    return cut if cut > low else high


def _balanced(units: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The units of two windows, parted where the longer of the two is shortest."""

    def longer(cut: int) -> int:
        return max(units[cut - 1][1] - units[0][0], units[-1][1] - units[cut][0])

    cut = min(range(1, len(units)), key=longer)
    return [units[:cut], units[cut:]]
