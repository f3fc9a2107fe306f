"""What a run learns from: the corpus of the model's own labels, and auxiliary ones beside it.

An auxiliary corpus is annotated by other rules (CLUENER's ten labels, FewFC's events). It trains
the layers below through heads of its own, which are thrown away after the run, so that its rules
never reach the model's output.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tagger.features import Featurizer
from tagger.model import ModelConfig
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, ROLES
from training.augment import NameReplacer
from training.batches import Sample, cut, make_sample
from training.corpora import Example

# Entity labels, event types, roles.
Labels = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Task:
    """A corpus with the labels that it teaches, in the first ``epochs`` epochs of a run."""

    config: ModelConfig
    featurizer: Featurizer
    examples: Sequence[Example]
    epochs: int
    batch_size: int
    max_characters: int
    replacer: NameReplacer | None = field(default=None)

    def steps(self) -> int:
        """The batches of one epoch, before names are replaced."""
        windows = sum(len(cut(example, self.max_characters)) for example in self.examples)
        return -(-windows // self.batch_size)

    def samples(self, seed: str) -> list[Sample]:
        """The windows of one epoch; ``seed`` chooses which names are replaced."""
        order = random.Random(seed)
        examples = self.examples
        if self.replacer is not None:
            examples = [self.replacer(example, order) for example in examples]
        return [
            make_sample(part, self.featurizer, self.config)
            for example in examples
            for part in cut(example, self.max_characters)
        ]


def auxiliary_config(config: ModelConfig, examples: Sequence[Example]) -> ModelConfig:
    """A model's configuration with the labels of another corpus."""
    entity_labels, event_types, roles = labels_of(examples)
    return replace(config, entity_labels=entity_labels, event_types=event_types, roles=roles)


def labels_of(examples: Sequence[Example]) -> Labels:
    """Entity labels, event types and roles of the examples: known ones in the schema's order,
    then the others by name."""
    entities = {span.label for example in examples for span in example.entities or ()}
    events = [event for example in examples for event in example.events or ()]
    types = {event.trigger.label for event in events}
    roles = {span.label for event in events for span in event.arguments}
    return _ordered(entities, ENTITY_LABELS), _ordered(types, EVENT_TYPES), _ordered(roles, ROLES)


def _ordered(labels: set[str], known: dict[str, str]) -> tuple[str, ...]:
    return tuple(label for label in known if label in labels) + tuple(sorted(labels - set(known)))
