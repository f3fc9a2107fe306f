"""The names of the formats, and what each of them is."""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn


class CorpusFormat(StrEnum):
    """The formats that annotated corpora are read in."""

    JSONL = "jsonl"
    TOKENS = "tokens"
    TAGS = "tags"
    CONLL_2012 = "conll-2012"
    CLUENER = "cluener"
    DUEE_FIN = "duee-fin"
    CHFINANN = "chfinann"
    FEWFC = "fewfc"
    DATASET = "dataset"

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        raise ValueError(f"format {value!r} is none of {', '.join(cls)}")
