"""Other names in the same sentences, so that the model learns places for names and not the names.

A paragraph's names of a label are exchanged for names of that label from elsewhere, all occurrences
of one name for the same other one (Dai and Adel 2020, "mention replacement").
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from training.corpora import AnnotatedEvent, Example, Span


class NameReplacer:
    """Replaces names in a share of the paragraphs. ``names`` holds names by label."""

    def __init__(self, names: dict[str, Sequence[str]], share: float) -> None:
        self._names = {label: sorted(set(each)) for label, each in names.items()}
        self._share = share

    @classmethod
    def of(cls, examples: Iterable[Example], labels: Iterable[str], share: float) -> NameReplacer:
        """Names are taken from the examples themselves."""
        names: defaultdict[str, list[str]] = defaultdict(list)
        wanted = set(labels)
        for example in examples:
            for span in example.entities or ():
                if span.label in wanted:
                    names[span.label].append(example.text[span.start : span.end])
        return cls(dict(names), share)

    def __call__(self, example: Example, order: random.Random) -> Example:
        """The example itself, or one with other names; spans move along."""
        if order.random() >= self._share or not example.entities:
            return example
        chosen: dict[str, str] = {}
        edits: list[tuple[int, int, str]] = []
        for span in sorted(example.entities, key=lambda span: span.start):
            pool = self._names.get(span.label)
            if not pool:
                continue
            name = example.text[span.start : span.end]
            edits.append((span.start, span.end, chosen.setdefault(name, order.choice(pool))))
        return _edited(example, edits) or example


def _edited(example: Example, edits: list[tuple[int, int, str]]) -> Example | None:
    """The example with stretches replaced; None where a span ends inside a replaced stretch."""
    # New place of every old offset that is not inside a replaced stretch.
    moved: dict[int, int] = {}
    parts: list[str] = []
    position = shift = 0
    for start, end, name in [*edits, (len(example.text), len(example.text), "")]:
        for offset in range(position, start + 1):
            moved[offset] = offset + shift
        parts += [example.text[position:start], name]
        shift += len(name) - (end - start)
        position = end

    def move(span: Span) -> Span:
        return replace(span, start=moved[span.start], end=moved[span.end])

    try:
        return Example(
            example.id,
            "".join(parts),
            None if example.entities is None else tuple(map(move, example.entities)),
            None
            if example.events is None
            else tuple(
                AnnotatedEvent(move(event.trigger), tuple(map(move, event.arguments)))
                for event in example.events
            ),
        )
    except KeyError:
        return None
