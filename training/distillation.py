"""Keeps what a model knows while it learns new labels.

A training file that does not use a label of the model it starts from says nothing about that
label. There the model's own spans are added to the file before training ("learning without
forgetting", Li and Hoiem 2016, with spans in the place of soft scores).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tagger.encoder import OnnxBackend
from tagger.features import Featurizer
from tagger.model import ModelConfig
from training.corpora import AnnotatedEvent, Example, Span
from training.prediction import predict
from training.tasks import labels_of


def with_opinion(examples: Sequence[Example], folder: Path) -> list[Example]:
    """The examples with the spans that the model of ``folder`` finds of labels that none of them
    uses; a span that touches an annotated one gives way."""
    config = ModelConfig.load(folder)
    entity_labels, event_types, _roles = labels_of(examples)
    lost = (
        set(config.entity_labels) - set(entity_labels),
        set(config.event_types) - set(event_types),
    )
    if not any(lost):
        return list(examples)
    featurizer = Featurizer.load(folder, config)
    found = predict(examples, config, featurizer, OnnxBackend(folder))
    return [
        replace(
            example,
            entities=_entities(
                example.entities, opinion.entities or (), lost[0], not entity_labels
            ),
            events=_events(example.events, opinion.events or (), lost[1], not event_types),
        )
        for example, opinion in zip(examples, found, strict=True)
    ]


def _entities(
    annotated: tuple[Span, ...] | None, opinion: Sequence[Span], labels: set[str], alone: bool
) -> tuple[Span, ...] | None:
    """``alone`` says that the whole layer is the model's; else an unannotated one stays so."""
    if annotated is None and not alone:
        return None
    known = annotated or ()
    added = [span for span in opinion if span.label in labels and _is_free(span, known)]
    return tuple(sorted((*known, *added), key=lambda span: span.start))


def _events(
    annotated: tuple[AnnotatedEvent, ...] | None,
    opinion: Sequence[AnnotatedEvent],
    types: set[str],
    alone: bool,
) -> tuple[AnnotatedEvent, ...] | None:
    if annotated is None and not alone:
        return None
    known = annotated or ()
    places = [event.trigger for event in known]
    added = [
        event
        for event in opinion
        if event.trigger.label in types and _is_free(event.trigger, places)
    ]
    return tuple(sorted((*known, *added), key=lambda event: event.trigger.start))


def _is_free(span: Span, others: Sequence[Span]) -> bool:
    return all(span.end <= other.start or other.end <= span.start for other in others)
