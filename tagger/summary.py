"""What a run has done so far: counted, shown while it runs, and summed up at its end."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tagger.document import Document


@dataclass
class Summary:
    """Counts of what was tagged since it was made."""

    articles: int = 0
    characters: int = 0
    entities: int = 0
    quantities: int = 0
    events: int = 0
    started: float = field(default_factory=time.monotonic)

    def add(self, document: Document) -> None:
        """Counts one tagged document."""
        self.articles += 1
        self.characters += len(document.text)
        self.entities += len(document.entities)
        self.quantities += len(document.quantities)
        self.events += len(document.events)

    def speed(self) -> float:
        """Characters a second since the start."""
        return self.characters / max(time.monotonic() - self.started, 1e-6)

    def __str__(self) -> str:
        return (
            f"{_counted(self.articles, 'article')}, {_counted(self.characters, 'character')} "
            f"({self.speed():,.0f} a second): {_counted(self.entities, 'entity', 'entities')}, "
            f"{_counted(self.quantities, 'quantity', 'quantities')}, "
            f"{_counted(self.events, 'event')}"
        )


class ProgressLine:
    """A line that follows a summary on a terminal, and is nothing where ``shown`` is False."""

    def __init__(self, console: Console, summary: Summary, *, shown: bool) -> None:
        self._summary = summary
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.fields[articles]:,} articles"),
            TextColumn("{task.fields[speed]:,.0f} characters/s"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not shown,
        )
        self._task = self._progress.add_task("", total=None, articles=0, speed=0.0)

    def __enter__(self) -> ProgressLine:
        self._progress.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._progress.stop()

    def update(self, errors: int) -> None:
        """Shows the summary as it is now; ``errors`` counts among the articles."""
        self._progress.update(
            self._task, articles=self._summary.articles + errors, speed=self._summary.speed()
        )


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
