"""How much a decoded text looks like Chinese: what tells GB18030 from Big5 on a few characters."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("common_characters.txt")
_SAMPLE = 4000

_COMMON = 1.0
_PUNCTUATION = 1.0
_OTHER_HAN = 0.1
_FOREIGN = -0.5
_IMPOSSIBLE = -2.0


def plausibility(text: str) -> float:
    """A mean score of the non-ASCII characters, 1.0 where all are common in Chinese.

    Judges the first 4,000 of them; characters that no text holds count strongly against it.
    ASCII control characters are impossible; text of ASCII alone scores 1.0.
    """
    common = _common_characters()
    total = 0.0
    count = 0
    for character in text:
        if " " <= character <= "~" or character in "\n\r\t":
            continue
        count += 1
        total += _COMMON if character in common else _score(character)
        if count == _SAMPLE:
            break
    return total / count if count else 1.0


def _score(character: str) -> float:
    code = ord(character)
    if 0x4E00 <= code <= 0x9FFF:
        return _OTHER_HAN
    if 0x3000 <= code <= 0x301F or 0xFF01 <= code <= 0xFF5E or 0x2010 <= code <= 0x2026:
        return _PUNCTUATION
    if code < 0xA0 or 0xD800 <= code <= 0xF8FF or code >= 0xE0000:
        return _IMPOSSIBLE
    return _FOREIGN


@cache
def _common_characters() -> frozenset[str]:
    return frozenset(_TABLE.read_text(encoding="utf-8")) - {"\n"}
