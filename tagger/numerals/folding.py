"""One spelling for every character: full width to half width, traditional to simplified.

Folding keeps the length, so that an offset in the folded text is an offset in the text as given.
Only characters that the tables use are folded; ``variants.tsv`` lists them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tagger.numerals.tables import rows


def fold(text: str) -> str:
    """The text with variant characters replaced one by one; ``len(fold(text)) == len(text)``."""
    pattern, standard = _variants()
    return pattern.sub(lambda match: standard[match[0]], text)


@lru_cache(maxsize=1)
def _variants() -> tuple[re.Pattern[str], dict[str, str]]:
    standard = {row["variant"]: row["standard"] for row in rows("variants.tsv")}
    standard |= {chr(ord(each) + 0xFEE0): each for each in "0123456789%+-./$~"}
    letters = [chr(code) for code in (*range(0x41, 0x5B), *range(0x61, 0x7B))]
    standard |= {chr(ord(each) + 0xFEE0): each for each in letters}
    standard |= dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000\t", " ")
    return re.compile("[" + re.escape("".join(standard)) + "]"), standard
