"""The pieces that every part of the HTML page is made of: escaped text and the styles of labels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from tagger.schema import ENTITY_LABELS, QUANTITY_LABELS
from tagger.text import well_formed
from tagger.writers.wording import chinese_name

# Between several values of one attribute.
SEPARATOR = "\n"

# HTML has no place for these; what a browser makes of them differs.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_SWATCHES = {
    "e": {label: place for place, label in enumerate(ENTITY_LABELS)},
    "q": {label: place for place, label in enumerate(QUANTITY_LABELS)},
}
_SPARE_SWATCHES = 2


def escaped(text: str) -> str:
    """The text as it may stand in HTML, inside quoted attributes too."""
    return escape(_printable(text))


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def plain_label(label: str) -> str:
    """A label as the page's filters know it: on one line, of characters that HTML can hold."""
    return one_line(_printable(label))


def labelled(layer: str, *labels: str) -> str:
    """The attribute that tells the filters of a layer which labels an element has."""
    return f' data-{layer}="{escape(SEPARATOR.join(map(plain_label, labels)))}"'


def mentioned(events: Iterable[int]) -> str:
    """The attribute that names events, by index, so that what tells of one lights up together."""
    return f' data-v="{SEPARATOR.join(map(str, events))}"'


def row_count(count: int, rows: str) -> str:
    """The number of rows of a section, which the page's filters keep up to date; ``rows`` is the
    selector of the rows in it."""
    return f'<span data-rows="{rows}">{count}</span>'


def swatch_class(layer: str, label: str) -> str:
    """The style of a label: ``e`` for entities, ``q`` for quantities, ``t`` for triggers.

    A label that the schema does not know takes one of the spare styles, always the same one.
    """
    if layer == "t":
        return "t"
    known = _SWATCHES[layer]
    return f"{layer} {layer}{known.get(label, len(known) + sum(map(ord, label)) % _SPARE_SWATCHES)}"


def label_name(label: str) -> str:
    """A label as a person and a program know it: its Chinese name, then itself."""
    chinese = chinese_name(label)
    return label if chinese == label else f"{chinese} {label}"


def _printable(text: str) -> str:
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", well_formed(text))
