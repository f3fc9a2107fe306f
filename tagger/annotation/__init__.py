"""Documents to annotation tools and back: doccano, Label Studio, brat, CoNLL, spaCy, JSON lines.

What is written and read again is the same document, in all that a format holds; each format's
module says what that is. Spans that an annotator left as they were keep their scores, ids, values
and groups; what an annotator added or changed is as the annotator left it.

>>> from tagger import annotation
>>> annotation.write(documents, "tasks.json", "label-studio")
>>> for document in annotation.read("export.json"): ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagger.annotation.formats import FORMATS, AnnotationFormat

if TYPE_CHECKING:
    from tagger.annotation.errors import UnwritableError
    from tagger.annotation.labels import Scheme
    from tagger.annotation.partial import PartlyAnnotated, annotated_layers
    from tagger.annotation.reading import read
    from tagger.annotation.writing import left_out, open_writer, write

__all__ = [
    "FORMATS",
    "AnnotationFormat",
    "PartlyAnnotated",
    "Scheme",
    "UnwritableError",
    "annotated_layers",
    "left_out",
    "open_writer",
    "read",
    "write",
]

# The command line names the formats in its help, which must not wait for all that reads them.
_HOMES = {
    "PartlyAnnotated": "partial",
    "Scheme": "labels",
    "UnwritableError": "errors",
    "annotated_layers": "partial",
    "left_out": "writing",
    "open_writer": "writing",
    "read": "reading",
    "write": "writing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tagger.annotation' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"tagger.annotation.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
