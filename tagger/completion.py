"""What the shell offers when Tab is pressed behind an option, with a word on each.

Each function takes what has been typed and answers with what it may become; none loads a model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Offers = list[tuple[str, str]]

_ENCODINGS = {
    "utf-8": "most files",
    "gb18030": "GBK and GB 2312 too",
    "big5": "traditional",
    "utf-16": "with a byte order mark",
}
_ZONES = {
    "Asia/Shanghai": "北京时间",
    "Asia/Hong_Kong": "香港时间",
    "Asia/Taipei": "台北时间",
    "UTC": "",
}
_FIELD_NAMES = {"text": "正文", "title": "标题", "published": "发布时间", "source": "来源"}


def complete_model(incomplete: str) -> Offers:
    """The shipped models, then folders that may hold another."""
    from tagger.model import CONFIG_FILE
    from tagger.resources import resource_path

    shipped = {
        folder.name: "shipped"
        for folder in sorted(resource_path("models").iterdir())
        if (folder / CONFIG_FILE).is_file()
    }
    return [*_matching(shipped, incomplete), *_folders(incomplete)]


def complete_labels(incomplete: str) -> Offers:
    """Entity labels, event types and quantity labels, also after a comma."""
    from tagger.schema import ENTITY_LABELS, EVENT_TYPES, QUANTITY_LABELS

    return _listed(ENTITY_LABELS | EVENT_TYPES | QUANTITY_LABELS, incomplete)


def complete_layers(incomplete: str) -> Offers:
    """What may have been annotated, also after a comma."""
    return _listed({"entities": "", "events": "", "quantities": ""}, incomplete)


def complete_event(incomplete: str) -> Offers:
    """Event types, by their names in English or in Chinese."""
    from tagger.schema import EVENT_TYPES

    chinese = {name: key for key, name in EVENT_TYPES.items()}
    return _matching(EVENT_TYPES, incomplete) or _matching(chinese, incomplete)


def complete_modality(incomplete: str) -> Offers:
    """Whether something has happened, is planned, denied or possible."""
    from tagger.schema import MODALITIES

    chinese = {name: key for key, name in MODALITIES.items()}
    return _matching(MODALITIES, incomplete) or _matching(chinese, incomplete)


def complete_stage(incomplete: str) -> Offers:
    """The stages that can be left out."""
    from tagger.pipeline import STAGES

    return _matching(dict.fromkeys(STAGES, ""), incomplete)


def complete_input_format(incomplete: str) -> Offers:
    """The formats of articles."""
    from tagger.readers.options import FORMATS

    return _matching(dict.fromkeys(FORMATS, ""), incomplete)


def complete_device(incomplete: str) -> Offers:
    """Where a model computes."""
    return _matching({"cpu": "", "cuda": "a graphics card"}, incomplete)


def complete_encoding(incomplete: str) -> Offers:
    """The usual encodings of Chinese text."""
    return _matching(_ENCODINGS, incomplete)


def complete_timezone(incomplete: str) -> Offers:
    """The usual zones of Chinese news."""
    return _matching(_ZONES, incomplete)


def complete_column(incomplete: str) -> Offers:
    """The fields of an article, up to the sign before the column's name."""
    from tagger.readers.options import FIELDS

    return _matching({f"{field}=": _FIELD_NAMES.get(field, "") for field in FIELDS}, incomplete)


def _matching(offers: Mapping[str, str], incomplete: str) -> Offers:
    return [(name, told) for name, told in offers.items() if name.startswith(incomplete)]


def _listed(offers: Mapping[str, str], incomplete: str) -> Offers:
    """Offers for the last name of a list with commas, without what stands in it already."""
    before, comma, last = incomplete.rpartition(",")
    named = before.split(",") if comma else []
    left = {name: told for name, told in offers.items() if name not in named}
    return [(f"{before}{comma}{name}", told) for name, told in _matching(left, last)]


def _folders(incomplete: str) -> Offers:
    return [(name, "") for name in _folder_names(incomplete)]


def _folder_names(incomplete: str) -> Iterator[str]:
    typed = Path(incomplete or ".")
    inside = not incomplete or incomplete.endswith("/")
    parent, start = (typed, "") if inside else (typed.parent, typed.name)
    try:
        entries: Iterable[Path] = sorted(parent.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(start) and not entry.name.startswith(".") and entry.is_dir():
            yield str(entry)
