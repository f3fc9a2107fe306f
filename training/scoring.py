"""Precision, recall and F1 over exact spans; scores of pieces add up with ``+``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from training.corpora import Example

Item = tuple[int | str, ...]
T = TypeVar("T")


@dataclass(frozen=True)
class Score:
    """Counts of exact matches: found and right, found and wrong, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Share of what was found that is right, 0 to 1."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of what there is that was found, 0 to 1."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    @property
    def support(self) -> int:
        """How many there are in the annotation."""
        return self.right + self.missed


LAYERS = ("entities", "triggers", "arguments")


def items(example: Example, layer: str) -> set[Item]:
    """What counts as one item of a layer, label last: spans, triggers with type, and arguments as
    (trigger start, trigger end, type, start, end, role)."""
    if layer == "entities":
        return {(span.start, span.end, span.label) for span in example.entities or ()}
    triggers = [event.trigger for event in example.events or ()]
    if layer == "triggers":
        return {(span.start, span.end, span.label) for span in triggers}
    return {
        (trigger.start, trigger.end, trigger.label, span.start, span.end, span.label)
        for trigger, event in zip(triggers, example.events or (), strict=True)
        for span in event.arguments
    }


def score_pair(gold: Example, found: Example, layer: str) -> dict[str, Score]:
    """Scores by label of one paragraph, exact span and label."""
    expected, got = items(gold, layer), items(found, layer)
    scores: defaultdict[str, Score] = defaultdict(Score)
    for item, counted in judged(expected, got):
        scores[str(item[-1])] += counted
    return scores


def judged(expected: set[T], got: set[T]) -> Iterator[tuple[T, Score]]:
    """Each item that is annotated or was found, with what it counts: right, wrong or missed."""
    for item in expected | got:
        right = item in expected and item in got
        yield item, Score(int(right), int(item not in expected), int(item not in got))


def annotated(
    pairs: Iterable[tuple[Example, Example]], layer: str
) -> list[tuple[Example, Example]]:
    """The (annotated, found) pairs whose paragraph is annotated in a layer; the others say nothing
    of it."""
    return [
        (gold, found)
        for gold, found in pairs
        if (gold.entities if layer == "entities" else gold.events) is not None
    ]


def score(pairs: Iterable[tuple[Example, Example]], layer: str) -> dict[str, Score]:
    """Scores by label over (annotated, found) pairs, the commonest label first; the key ``all`` is
    their sum."""
    total: defaultdict[str, Score] = defaultdict(Score)
    for pair in annotated(pairs, layer):
        for label, each in score_pair(*pair, layer).items():
            total[label] += each
    result = dict(sorted(total.items(), key=lambda pair: (-pair[1].support, pair[0])))
    return {"all": sum(result.values(), Score())} | result
