"""A time axis that keeps its proportions and cuts out the long stretches in which nothing lies."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

# A gap is cut when it is so many times as long as all else that is drawn.
_CUT_RATIO = 8
# In percent of the axis: its margins and what a cut takes; then, for an axis of 300 pixels, what a
# character of a label takes and what is free between two labels.
_MARGIN = 3.0
_CUT_WIDTH = 6.0
_CHARACTER_WIDTH = 2.4
_BETWEEN_LABELS = 2.0
_TICKS = 5
_DAY = timedelta(days=1)
_YEAR = timedelta(days=365)


@dataclass(slots=True, frozen=True)
class _Step:
    """The distance of two ticks; ``unit`` is a field of ``datetime``."""

    unit: str
    count: int
    length: timedelta


_STEPS = (
    *(_Step("hour", count, timedelta(hours=count)) for count in (1, 2, 6, 12)),
    *(_Step("day", count, timedelta(days=count)) for count in (1, 2, 5, 10)),
    *(_Step("month", count, 30 * count * _DAY) for count in (1, 3, 6)),
    *(_Step("year", count, count * _YEAR) for count in (1, 2, 5, 10, 20, 50, 100, 500, 2000)),
)


@dataclass(slots=True, frozen=True)
class Tick:
    """A place on the axis, in percent, and its label: centred there, but inside the axis."""

    position: float
    label: str

    @property
    def anchor(self) -> str:
        """Which part of the label stands at the place, in SVG's words."""
        if self.position < self._width / 2:
            return "start"
        return "end" if self.position > 100 - self._width / 2 else "middle"

    def stands_apart(self, other: Tick) -> bool:
        """Whether there is room between the two labels."""
        return (
            self._left + self._width + _BETWEEN_LABELS <= other._left
            or other._left + other._width + _BETWEEN_LABELS <= self._left
        )

    @property
    def _width(self) -> float:
        return len(self.label) * _CHARACTER_WIDTH

    @property
    def _left(self) -> float:
        before = {"start": 0.0, "middle": self._width / 2, "end": self._width}
        return self.position - before[self.anchor]


class TimeAxis:
    """Places moments on an axis from 0 to 100 percent.

    ``spans`` are pairs of a start and an end, both without a zone, at least one pair. Stretches
    without any span that are far longer than all the rest are cut out; ``cuts`` holds the middle
    of each such place, in percent.
    """

    def __init__(self, spans: Sequence[tuple[datetime, datetime]]) -> None:
        self._stretches = _stretches(spans)
        self._drawn = sum((end - start for start, end in self._stretches), timedelta())
        width = 100 - 2 * _MARGIN - _CUT_WIDTH * (len(self._stretches) - 1)
        self._offsets: list[float] = []
        self.cuts: list[float] = []
        offset = _MARGIN if self._drawn else 50.0
        self._scale = width / self._drawn.total_seconds() if self._drawn else 0.0
        for start, end in self._stretches:
            if self._offsets:
                self.cuts.append(round(offset + _CUT_WIDTH / 2, 2))
                offset += _CUT_WIDTH
            self._offsets.append(offset)
            offset += (end - start).total_seconds() * self._scale

    def position(self, moment: datetime) -> float:
        """Where a moment lies, in percent, to two decimals."""
        place = max(bisect_right(self._stretches, moment, key=lambda each: each[0]) - 1, 0)
        start, end = self._stretches[place]
        within = (min(max(moment, start), end) - start).total_seconds()
        return round(self._offsets[place] + within * self._scale, 2)

    def ticks(self) -> list[Tick]:
        """The ticks in order, their labels far enough apart to be read."""
        step = next((each for each in _STEPS if each.length * _TICKS >= self._drawn), _STEPS[-1])
        # The beginning of each stretch is told before all else: a reader must see what was cut.
        wanted = [start for start, _ in self._stretches]
        wanted += [tick for low, high in self._stretches for tick in _regular(low, high, step)]
        kept: list[Tick] = []
        for moment in wanted:
            tick = Tick(self.position(moment), _label(moment, step))
            if all(map(tick.stands_apart, kept)):
                kept.append(tick)
        return sorted(kept, key=lambda tick: tick.position)


def _stretches(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The stretches of time that are drawn, in order."""
    clusters: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if clusters and start <= clusters[-1][1]:
            clusters[-1] = (clusters[-1][0], max(end, clusters[-1][1]))
        else:
            clusters.append((start, max(start, end)))
    gaps = sorted(
        (clusters[place + 1][0] - clusters[place][1], place) for place in range(len(clusters) - 1)
    )
    drawn = clusters[-1][1] - clusters[0][0]
    cut: set[int] = set()
    while gaps and gaps[-1][0] > _CUT_RATIO * (drawn - gaps[-1][0]) and len(cut) < _TICKS - 1:
        length, place = gaps.pop()
        drawn -= length
        cut.add(place)
    stretches = [clusters[0]]
    for place, cluster in enumerate(clusters[1:]):
        if place in cut:
            stretches.append(cluster)
        else:
            stretches[-1] = (stretches[-1][0], cluster[1])
    return stretches


def _regular(low: datetime, high: datetime, step: _Step) -> Iterator[datetime]:
    """The moments from ``low`` to ``high`` at which the calendar has a tick of this step."""
    day = low.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        if step.unit in ("hour", "day"):
            moment = day
            while moment <= high:
                if moment >= low:
                    yield moment
                moment += step.length
            return
        months = (low.year * 12 + low.month - 1) if step.unit == "month" else low.year * 12
        stride = step.count * (1 if step.unit == "month" else 12)
        months -= months % stride
        while (moment := datetime(months // 12, months % 12 + 1, 1)) <= high:
            if moment >= low:
                yield moment
            months += stride
    except (OverflowError, ValueError):  # the calendar's end
        return


def _label(moment: datetime, step: _Step) -> str:
    iso = moment.isoformat()
    if step.unit == "hour" and moment.time() != time():
        return f"{iso[5:10]} {iso[11:16]}"
    return iso[: {"year": 4, "month": 7}.get(step.unit, 10)]
