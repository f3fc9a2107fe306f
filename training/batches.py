"""Examples to training batches: windows, features and the targets of every head."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from tagger.features import Features, Featurizer, collate
from tagger.model import BOUNDARIES, ModelConfig
from tagger.text import windows
from training.corpora import AnnotatedEvent, Example, Span

# Batches of like length pad little; sorting only within a pool of batches keeps the order random.
_POOL = 12
# oneDNN compiles its kernels anew for every shape, which made a training step half as long again.
LENGTH_MULTIPLE = 32
_UNKNOWN = -100


@dataclass(frozen=True)
class Sample:
    """One window with its targets; ``boundaries`` is None where events are not annotated."""

    features: Features
    entities: np.ndarray | None
    boundaries: np.ndarray | None
    types: np.ndarray
    roles: tuple[tuple[int, tuple[Span, ...]], ...]


@dataclass(frozen=True)
class Batch:
    """Padded tensors: ``inputs`` of the model, targets [batch, characters] (-100: not annotated),
    and the triggers as rows of ``role_targets`` [triggers, 2 x roles, characters]."""

    inputs: dict[str, Tensor]
    entities: Tensor
    boundaries: Tensor
    types: Tensor
    trigger_rows: Tensor
    trigger_columns: Tensor
    role_targets: Tensor


def cut(example: Example, max_characters: int) -> list[Example]:
    """An example as windows of at most ``max_characters``; a span that a cut breaks is left out."""
    if len(example.text) <= max_characters:
        return [example]
    return [
        _window(example, start, end, number)
        for number, (start, end) in enumerate(windows(example.text, max_characters))
    ]


def lost_in_cuts(examples: Iterable[Example], max_characters: int) -> int:
    """How many spans :func:`cut` leaves out: those that a cut breaks, arguments in another window
    than their trigger, and the arguments of a trigger that is broken."""
    longer = [each for each in examples if len(each.text) > max_characters]
    parts = [part for each in longer for part in cut(each, max_characters)]
    return sum(map(_spans, longer)) - sum(map(_spans, parts))


def make_sample(example: Example, featurizer: Featurizer, config: ModelConfig) -> Sample:
    """Features and targets of a window."""
    length = len(example.text)
    types = np.zeros((length, len(config.event_types)), dtype=np.bool_)
    entities = boundaries = None
    roles: dict[int, tuple[Span, ...]] = {}
    if example.entities is not None:
        entities = np.zeros(length, dtype=np.int64)
        for span in example.entities:
            _mark(entities, span, 4 * config.entity_labels.index(span.label))
    if example.events is not None and config.event_types:
        boundaries = np.zeros(length, dtype=np.int64)
        for event in example.events:
            trigger = event.trigger
            _mark(boundaries, trigger, 0)
            types[trigger.start : trigger.end, config.event_types.index(trigger.label)] = True
            known = roles.get(trigger.start, ())
            roles[trigger.start] = tuple(dict.fromkeys(known + event.arguments))
    return Sample(featurizer(example.text), entities, boundaries, types, tuple(roles.items()))


def grouped(samples: Sequence[Sample], size: int, order: random.Random) -> list[list[Sample]]:
    """The batches of one epoch in a random order, windows of like length together."""
    indexes = list(range(len(samples)))
    order.shuffle(indexes)
    groups = []
    for start in range(0, len(indexes), size * _POOL):
        pool = sorted(
            indexes[start : start + size * _POOL],
            key=lambda index: len(samples[index].features.piece_ids),
        )
        groups += [pool[first : first + size] for first in range(0, len(pool), size)]
    order.shuffle(groups)
    return [[samples[index] for index in group] for group in groups]


def make_batch(samples: Sequence[Sample], config: ModelConfig) -> Batch:
    """Pads samples into one batch."""
    arrays = collate([sample.features for sample in samples], config.pad_piece, LENGTH_MULTIPLE)
    batch, length = arrays["character_ids"].shape
    entities = torch.full((batch, length), _UNKNOWN)
    boundaries = torch.full((batch, length), _UNKNOWN)
    types = torch.zeros((batch, length, len(config.event_types)))
    rows, columns, targets = [], [], []
    for row, sample in enumerate(samples):
        end = len(sample.features.character_ids)
        if sample.entities is not None:
            entities[row, :end] = torch.from_numpy(sample.entities)
        if sample.boundaries is not None:
            boundaries[row, :end] = torch.from_numpy(sample.boundaries)
        types[row, :end] = torch.from_numpy(sample.types)
        for trigger, arguments in sample.roles:
            rows.append(row)
            columns.append(trigger)
            targets.append(_role_target(arguments, length, config))
    empty = torch.zeros((0, 2 * len(config.roles), length))
    return Batch(
        {name: torch.from_numpy(array) for name, array in arrays.items()},
        entities,
        boundaries,
        types,
        torch.tensor(rows, dtype=torch.long),
        torch.tensor(columns, dtype=torch.long),
        torch.stack(targets) if targets else empty,
    )


def _spans(example: Example) -> int:
    events = example.events or ()
    return len(example.entities or ()) + sum(1 + len(event.arguments) for event in events)


def _window(example: Example, start: int, end: int, number: int) -> Example:
    def moved(span: Span) -> Span | None:
        if span.start < start or span.end > end:
            return None
        return replace(span, start=span.start - start, end=span.end - start)

    entities = events = None
    if example.entities is not None:
        entities = tuple(span for each in example.entities if (span := moved(each)) is not None)
    if example.events is not None:
        events = tuple(
            AnnotatedEvent(
                trigger,
                tuple(span for each in event.arguments if (span := moved(each)) is not None),
            )
            for event in example.events
            if (trigger := moved(event.trigger)) is not None
        )
    return Example(f"{example.id}#{number}", example.text[start:end], entities, events)


def _mark(tags: np.ndarray, span: Span, offset: int) -> None:
    begin, inside, end, single = range(offset + 1, offset + len(BOUNDARIES))
    if span.end - span.start == 1:
        tags[span.start] = single
        return
    tags[span.start] = begin
    tags[span.start + 1 : span.end - 1] = inside
    tags[span.end - 1] = end


def _role_target(arguments: tuple[Span, ...], length: int, config: ModelConfig) -> Tensor:
    target = torch.zeros((2 * len(config.roles), length))
    for span in arguments:
        role = config.roles.index(span.label)
        target[role, span.start] = 1
        target[len(config.roles) + role, span.end - 1] = 1
    return target
