"""The names of the formats, and what each of them is."""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn


class AnnotationFormat(StrEnum):
    """The formats that annotated documents are read and written in."""

    JSONL = "jsonl"
    DOCCANO = "doccano"
    DOCCANO_PLAIN = "doccano-plain"
    LABEL_STUDIO = "label-studio"
    BRAT = "brat"
    CONLL = "conll"
    CONLL_BIOES = "conll-bioes"
    CONLL_2003 = "conll-2003"
    DOCBIN = "docbin"

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        raise ValueError(f"format {value!r} is none of {', '.join(cls)}")


FORMATS: dict[AnnotationFormat, str] = {
    AnnotationFormat.JSONL: "this project's JSON lines, which training reads: all",
    AnnotationFormat.DOCCANO: "doccano JSONL with relations: all",
    AnnotationFormat.DOCCANO_PLAIN: "doccano JSONL with spans alone: all, roles out of sight",
    AnnotationFormat.LABEL_STUDIO: "Label Studio JSON, with predictions: all",
    AnnotationFormat.BRAT: "brat standoff, a folder: all",
    AnnotationFormat.CONLL: "a line a character, with BIO tags: entities and triggers",
    AnnotationFormat.CONLL_BIOES: "a line a character, with BIOES tags: entities and triggers",
    AnnotationFormat.CONLL_2003: "a line a character, in CoNLL-2003's four columns: entities",
    AnnotationFormat.DOCBIN: "a spaCy DocBin: all",
}
"""What each format is and holds; its module's docstring says precisely what."""
