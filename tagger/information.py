"""What ``tagger info`` says: the versions in use, the model, and what it looks for."""

from __future__ import annotations

import platform
from collections.abc import Collection, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from rich.table import Table

from tagger.schema import ENTITY_LABELS, EVENT_TYPES, QUANTITY_LABELS, ROLES

_PACKAGES = (
    *("caijing-tagger", "onnxruntime", "tokenizers", "numpy", "jieba"),
    *("pyarrow", "duckdb", "spacy", "torch", "ray"),
)


def information(described: dict[str, Any]) -> Table:
    """A two-column table of ``Tagger.info()`` and the versions of what it stands on."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _versions():
        table.add_row(name, value)
    chinese = {
        "entity_labels": ENTITY_LABELS,
        "event_types": EVENT_TYPES,
        "roles": ROLES,
        "quantity_labels": QUANTITY_LABELS,
    }
    for name, value in described.items():
        table.add_row(name.replace("_", " "), _listed(value, chinese.get(name, {})))
    return table


def _versions() -> Iterator[tuple[str, str]]:
    for package in _PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            yield package, "not installed"
    yield "python", f"{platform.python_version()} on {platform.platform()}"


def _listed(value: Any, chinese: dict[str, str]) -> str:
    if isinstance(value, Collection) and not isinstance(value, str):
        return ", ".join(f"{each} {chinese.get(each, '')}".strip() for each in value)
    return str(value)
