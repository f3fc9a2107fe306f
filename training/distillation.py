"""Keeps what a model knows while it learns new labels.

A training file that does not use a label of the model it starts from says nothing about that
label. There the model's own spans are added to the file before training, and beside it the model
teaches what it would say of paragraphs that hold every label (Li and Hoiem 2016, "learning without
forgetting"; Robins 1995, "rehearsal").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from torch import nn

from tagger.encoder import OnnxBackend
from tagger.features import Featurizer
from tagger.model import ModelConfig
from tagger.network import CharacterTagger
from training.corpora import AnnotatedEvent, Example, Span, not_near
from training.prediction import predict
from training.readers.content import read_texts
from training.tasks import Labels, labels_of

_REHEARSED = Path(__file__).parents[1] / "data" / "gold" / "supplement.jsonl"


def forgotten(config: ModelConfig, labels: Labels) -> bool:
    """Whether a model knows entity labels or event types that a file's ``labels`` do not have."""
    return bool(set(config.entity_labels) - set(labels[0])) or bool(
        set(config.event_types) - set(labels[1])
    )


def layers_in_use(config: ModelConfig, labels: Labels) -> list[str]:
    """The layers in which a file uses labels that the model knows: there the file has the word."""
    shared = {
        "entities": set(config.entity_labels) & set(labels[0]),
        "events": set(config.event_types) & set(labels[1]),
    }
    return [layer for layer, names in shared.items() if names]


def rehearsal(apart_from: Sequence[Example]) -> list[Example]:
    """Paragraphs without annotation on which a model's own answers are learned again."""
    texts = read_texts(_REHEARSED) if _REHEARSED.is_file() else []
    return not_near(
        [Example(f"rehearsal {n}", text) for n, text in enumerate(texts, 1)], apart_from
    )


def hold_heads(model: CharacterTagger, labels: Labels) -> None:
    """Keeps the heads of a layer as they are if a file's ``labels`` have none of that layer."""
    heads: list[nn.Module] = []
    if not labels[0]:
        heads.append(model.entity_head)
    if not labels[1]:
        heads += [model.boundary_head, model.type_head, model.role_query, model.role_key]
    for head in heads:
        head.requires_grad_(False)


def with_opinion(examples: Sequence[Example], folder: Path) -> list[Example]:
    """The examples with the spans that the model of ``folder`` finds of labels that none of them
    uses; a span that touches an annotated one gives way. A layer of which they use no label is not
    annotated then: a teacher says more of it than spans can."""
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
            entities=_entities(example.entities, opinion.entities or (), lost[0])
            if entity_labels
            else None,
            events=_events(example.events, opinion.events or (), lost[1]) if event_types else None,
        )
        for example, opinion in zip(examples, found, strict=True)
    ]


def _entities(
    annotated: tuple[Span, ...] | None, opinion: Sequence[Span], labels: set[str]
) -> tuple[Span, ...] | None:
    if annotated is None:
        return None
    added = [span for span in opinion if span.label in labels and _is_free(span, annotated)]
    return tuple(sorted((*annotated, *added), key=lambda span: span.start))


def _events(
    annotated: tuple[AnnotatedEvent, ...] | None,
    opinion: Sequence[AnnotatedEvent],
    types: set[str],
) -> tuple[AnnotatedEvent, ...] | None:
    if annotated is None:
        return None
    places = [event.trigger for event in annotated]
    added = [
        event
        for event in opinion
        if event.trigger.label in types and _is_free(event.trigger, places)
    ]
    return tuple(sorted((*annotated, *added), key=lambda event: event.trigger.start))


def _is_free(span: Span, others: Sequence[Span]) -> bool:
    return all(span.end <= other.start or other.end <= span.start for other in others)
