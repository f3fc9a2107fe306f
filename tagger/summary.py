"""What a run has done so far: counted, shown while it runs, and summed up at its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tagger.counts import Counts

_SECONDS_OF_SILENCE = 60


@dataclass
class Summary:
    """Counts of what was tagged since it was made, and of what an earlier run had ``kept``."""

    counts: Counts = field(default_factory=Counts)
    kept: Counts = field(default_factory=Counts)
    started: float = field(default_factory=time.monotonic)

    def add(self, counts: Counts, new: bool = True) -> None:
        """Counts what was tagged, by an earlier run if it is not ``new``."""
        self.counts += counts
        if not new:
            self.kept += counts

    def speed(self) -> float:
        """Characters a second since the start, without those of an earlier run."""
        passed = max(time.monotonic() - self.started, 1e-6)
        return (self.counts - self.kept).characters / passed

    def __str__(self) -> str:
        counts = self.counts
        return (
            f"{_counted(counts.articles, 'article')}, {_counted(counts.characters, 'character')} "
            f"({self.speed():,.0f} a second): {_counted(counts.entities, 'entity', 'entities')}, "
            f"{_counted(counts.quantities, 'quantity', 'quantities')}, "
            f"{_counted(counts.events, 'event')}"
        )


class ProgressLine:
    """A line that follows a summary on a terminal if ``shown``; else ``say``, if there is one, is
    told once a minute how far the run is."""

    def __init__(
        self,
        console: Console,
        summary: Summary,
        *,
        shown: bool,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self._summary = summary
        self._say = None if shown else say
        self._said = time.monotonic()
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

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, summary: Summary | None = None) -> None:
        """Shows the summary as it is now, or another one in its place; what failed counts among
        the articles."""
        self._summary = summary or self._summary
        counts, speed = self._summary.counts, self._summary.speed()
        articles = counts.articles + counts.failed
        self._progress.update(self._task, articles=articles, speed=speed)
        if self._say is not None and time.monotonic() - self._said > _SECONDS_OF_SILENCE:
            self._said = time.monotonic()
            self._say(f"{_counted(articles, 'article')} so far, {speed:,.0f} characters a second")


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
