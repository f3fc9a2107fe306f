"""Reads all the corpora of a command, and says at once what is wrong with any of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from training.examples import SHOWN, CorpusError, Example, Fault, LeftOut
from training.readers.formats import CorpusFormat
from training.readers.label_maps import LabelMap
from training.readers.reading import read_corpus

TRAINING_SPLITS = ("train",)
HELD_OUT_SPLITS = ("validation", "dev", "valid", "test")
LEFT_OUT_FILE = "left_out.txt"


class Collector:
    """Reads corpora one after the other; ``check`` then raises what is at fault in all of them.

    Raises ValueError for a table of labels that cannot be read.
    """

    def __init__(
        self,
        format: CorpusFormat | None = None,
        map_labels: str | None = None,
        skip_faults: bool = False,
    ) -> None:
        self._format = format
        self._label_map = None if map_labels is None else LabelMap.load(map_labels)
        self._skip_faults = skip_faults
        self._faults: list[Fault] = []
        self._skipped: list[Fault] = []
        self._left_out: list[LeftOut] = []

    def read(self, sources: Sequence[str], splits: Sequence[str]) -> list[Example]:
        """The sound examples of all sources."""
        return [
            example
            for source in sources
            for example in self._read(source, splits, self._label_map, self._skip_faults)
        ]

    def read_as_it_is(self, source: str, splits: Sequence[str]) -> list[Example]:
        """A corpus with its own labels, less the records that are at fault."""
        return self._read(source, splits, None, skip_faults=True)

    def check(self) -> None:
        """Raises CorpusError if a fault was found that costs more than its record."""
        if self._faults:
            raise CorpusError(self._faults)

    def say_left_out(self, console: Console, folder: Path | None = None) -> None:
        """Counts what was left out, by its reason; with a folder, lists all of it in a file."""
        if not self._left_out and not self._skipped:
            if folder is not None:
                (folder / LEFT_OUT_FILE).unlink(missing_ok=True)  # that of an earlier run
            return
        listed = ""
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            lines = [*map(str, self._skipped), *map(str, self._left_out)]
            (folder / LEFT_OUT_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
            listed = f"; all are listed in {folder / LEFT_OUT_FILE}"
        by_reason: dict[str, list[LeftOut]] = {}
        for each in self._left_out:
            by_reason.setdefault(each.reason, []).append(each)
        said = [f"left out: {fault}" for fault in self._skipped[:SHOWN]]
        if len(self._skipped) > SHOWN:
            said.append(f"… and {len(self._skipped) - SHOWN:,} more faults")
        said += [
            f"{len(found):,} annotations left out: {reason} ({found[0].place}: {found[0].what})"
            for reason, found in by_reason.items()
        ]
        said.append(
            f"{len(self._skipped):,} faults cost their records, and {len(self._left_out):,} "
            f"annotations are left out{listed}"
        )
        console.print("\n".join(said), style="yellow", markup=False, highlight=False)

    def _read(
        self, source: str, splits: Sequence[str], label_map: LabelMap | None, skip_faults: bool
    ) -> list[Example]:
        corpus = read_corpus(source, self._format, label_map, splits)
        costs_records = skip_faults and corpus.examples
        (self._skipped if costs_records else self._faults).extend(corpus.faults)
        self._left_out += corpus.left_out
        return corpus.examples
