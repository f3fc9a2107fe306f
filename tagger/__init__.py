"""Entities, events and exact quantities in Chinese financial news.

>>> import tagger
>>> nlp = tagger.load()
>>> doc = nlp("2月17日晚间，比特矿业公布了2021年第四季度财报。", published="2022-02-18")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagger.document import Argument, Document, Entity, Event, Mark, Quantity, Word

if TYPE_CHECKING:
    from tagger.fillers import Filler
    from tagger.frames import to_frame
    from tagger.numerals import find_quantities
    from tagger.pipeline import Tagger, load
    from tagger.records import Record

__version__ = "0.1.0"

__all__ = [
    "Argument",
    "Document",
    "Entity",
    "Event",
    "Filler",
    "Mark",
    "Quantity",
    "Record",
    "Tagger",
    "Word",
    "__version__",
    "find_quantities",
    "load",
    "to_frame",
]

# The rules layer must be usable without the network's libraries, so each name brings only its own.
_HOMES = {
    "find_quantities": "tagger.numerals",
    "load": "tagger.pipeline",
    "Tagger": "tagger.pipeline",
    "Record": "tagger.records",
    "Filler": "tagger.fillers",
    "to_frame": "tagger.frames",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tagger' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
