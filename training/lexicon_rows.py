"""Lines of the lexicon's tables, as their builders read and write them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tagger.lexicon import COLUMNS


@dataclass
class Row:
    """One line of a lexicon table; see ``data/lexicon/README.md`` for the columns."""

    name: str
    label: str
    id: str
    aliases: list[str] = field(default_factory=list)
    valid_from: str = ""
    valid_to: str = ""
    ambiguous: list[str] = field(default_factory=list)

    def cells(self) -> list[str]:
        """The line's cells in the order of ``COLUMNS``."""
        aliases = [alias for alias in dict.fromkeys(self.aliases) if alias != self.name]
        names = {self.name, *aliases}
        flagged = [name for name in dict.fromkeys(self.ambiguous) if name in names]
        flags = "1" if names == set(flagged) else "|".join(flagged)
        dates = [self.valid_from, self.valid_to]
        return [self.name, self.label, self.id, "|".join(aliases), *dates, flags]


def read_rows(path: Path) -> Iterator[Row]:
    """Reads a table in the lexicon's shape."""
    with path.open(encoding="utf-8", newline="") as lines:
        for cells in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            names = [cells["name"], *filter(None, cells["aliases"].split("|"))]
            flags = cells["ambiguous"]
            flagged = names if flags == "1" else flags.split("|")
            dates = cells["valid_from"], cells["valid_to"]
            yield Row(cells["name"], cells["label"], cells["id"], names[1:], *dates, flagged)


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Writes a table with its header line, tab-separated, UTF-8, Unix line ends."""
    lines = ["\t".join(COLUMNS), *("\t".join(row.cells()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
