"""Runs a torch or ONNX model over annotated examples, through the tagger's own path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from tagger.decoding import Floats
from tagger.document import Document
from tagger.encoder import BATCH_CHARACTERS, Backend
from tagger.features import Featurizer, Integers
from tagger.model import ModelConfig
from tagger.pipeline import load
from tagger.recognition import Recognition, Recognizer
from training.corpora import AnnotatedEvent, Example, Span
from training.scoring import LAYERS, Score, annotated, score
from training.tasks import Labels, labels_of


class TorchBackend:
    """A torch model behind the interface of :class:`tagger.encoder.Backend`."""

    def __init__(self, model: nn.Module) -> None:
        self._model = model.eval()
        self.threads = 1  # torch's own threads share the work of a call
        self.batches = True
        self.batch_characters = BATCH_CHARACTERS

    def __call__(self, inputs: dict[str, Integers]) -> Sequence[Floats]:
        """See :class:`tagger.encoder.Backend`."""
        with torch.inference_mode():
            outputs = self._model(**{name: torch.from_numpy(each) for name, each in inputs.items()})
        return [output.numpy() for output in outputs]


def predict(
    examples: Sequence[Example], config: ModelConfig, featurizer: Featurizer, backend: Backend
) -> list[Example]:
    """The examples with the model's spans in place of the annotated ones."""
    recognize = Recognizer(config, featurizer, backend)
    return [
        _as_example(example, found)
        for example, found in zip(
            examples, recognize([example.text for example in examples]), strict=True
        )
    ]


def tag(examples: Sequence[Example], folder: Path) -> list[Example]:
    """The examples with what the whole tagger finds, lexicon and rules included."""
    documents = load(folder, disable=["words"]).pipe(example.text for example in examples)
    return [
        _of_document(example, found) for example, found in zip(examples, documents, strict=True)
    ]


def evaluate(
    backend: Backend,
    config: ModelConfig,
    featurizer: Featurizer,
    examples: list[Example],
    labels: Labels | None = None,
) -> dict[str, dict[str, Score]]:
    """Scores by layer and label, of the layers that the examples are annotated in. ``labels`` are
    those that they are annotated with, the ones that they use unless others are given; what is
    found of others is neither right nor wrong."""
    found = predict(examples, config, featurizer, backend)
    known = labels_of(examples) if labels is None else labels
    pairs = [(gold, only(each, known)) for gold, each in zip(examples, found, strict=True)]
    return {layer: score(pairs, layer) for layer in LAYERS if annotated(pairs, layer)}


def only(example: Example, labels: Labels) -> Example:
    """The example less its entities and events of other labels and types."""
    entities = tuple(span for span in example.entities or () if span.label in labels[0])
    events = tuple(event for event in example.events or () if event.trigger.label in labels[1])
    return replace(example, entities=entities, events=events)


def _as_example(example: Example, found: Recognition) -> Example:
    return Example(
        example.id,
        example.text,
        tuple(Span(span.start, span.end, span.label) for span in found.entities),
        tuple(
            AnnotatedEvent(
                Span(trigger.start, trigger.end, kind),
                tuple(Span(each.start, each.end, each.role) for each in trigger.arguments),
            )
            for trigger in found.triggers
            for kind, _score in trigger.types
        ),
    )


def _of_document(example: Example, found: Document) -> Example:
    return Example(
        example.id,
        example.text,
        tuple(Span(each.start, each.end, each.label) for each in found.entities),
        tuple(
            AnnotatedEvent(
                Span(event.start, event.end, event.type),
                tuple(Span(each.start, each.end, each.role) for each in event.arguments),
            )
            for event in found.events
        ),
    )
