"""One spelling for every character: full width to half width, traditional to simplified.

Folding keeps the length, so that an offset in the folded text is an offset in the text as given.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tagger.numerals.tables import rows
from tagger.text import normalize

# Half-width punctuation that parts of a number or a unit are written with. Brackets, colons and
# the like stay as they are: the rules read both forms.
_PUNCTUATION = "%+-./$~<>¥£¢₩"
# The table of traditional characters ends with the basic plane.
_PLANE = 0x10000
# A circle for a naught: 二○二四年; elsewhere it opens the item of a list.
_CIRCLED = re.compile("[一二三四五六七八九]○{1,3}")
# The same with a letter or a figure for it: 二O二四年, 二0二四年.
_DIGITS = "〇零一二三四五六七八九"
_NAUGHT = re.compile("[Oo0]")
# The look behind stands second, for what begins with a character is found faster.
_YEAR = re.compile(f"[一二](?<![{_DIGITS}Oo0].)[{_DIGITS}Oo0]{{3}}(?= ?年)")


def fold(text: str) -> str:
    """The text with variant characters replaced one by one; ``len(fold(text)) == len(text)``."""
    pattern, standard = _variants()
    # The next cell of a table is as far as the next line: 33,102.90 | -14.05%.
    folded = pattern.sub(lambda match: standard[match[0]], text.replace("\t", "\n"))
    if "○" in folded:
        folded = _CIRCLED.sub(lambda match: match[0].replace("○", "〇"), folded)
    return _YEAR.sub(lambda match: _NAUGHT.sub("〇", match[0]), folded)


@lru_cache(maxsize=1)
def _variants() -> tuple[re.Pattern[str], dict[str, str]]:
    """What :func:`tagger.text.normalize` changes, less punctuation, and ``variants.tsv``."""
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, _PLANE))))
    standard = {
        variant: character
        for variant, character in zip(every, normalize(every), strict=True)
        if variant != character
        and (character.isalnum() or character == " " or character in _PUNCTUATION)
    }
    standard |= {row["variant"]: row["standard"] for row in rows("variants.tsv")}
    return re.compile("[" + re.escape("".join(standard)) + "]"), standard
