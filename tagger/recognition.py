"""Texts to entity spans and triggers: windows, features, network and decoding in one pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tagger.decoding import LabelledSpan, Trigger, decode_entities, decode_triggers
from tagger.encoder import Backend, score_windows
from tagger.features import Featurizer
from tagger.model import ModelConfig
from tagger.text import windows

# None of the 19,192 arguments of the finance set holds either.
_SENTENCE_END = re.compile(r"[。\n]")


@dataclass
class Recognition:
    """What the model found in one text, offsets in the text, in order of place."""

    entities: list[LabelledSpan] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)


class Recognizer:
    """A model ready to read texts."""

    def __init__(self, config: ModelConfig, featurizer: Featurizer, backend: Backend) -> None:
        self.config = config
        self._featurizer = featurizer
        self._backend = backend

    @classmethod
    def load(cls, folder: Path, backend: Backend) -> Recognizer:
        """Reads the configuration and the tokenizer of a model folder."""
        config = ModelConfig.load(folder)
        return cls(config, Featurizer.load(folder, config), backend)

    def __call__(self, texts: Sequence[str]) -> list[Recognition]:
        """Entities and triggers of every text."""
        places = [
            (number, start, end)
            for number, text in enumerate(texts)
            for start, end in windows(text, self.config.max_characters)
        ]
        features = [self._featurizer(texts[number][start:end]) for number, start, end in places]
        found = {
            index: Recognition(
                decode_entities(window.entities, self.config), decode_triggers(window, self.config)
            )
            for index, window in score_windows(features, self._backend, self.config.pad_piece)
        }
        results = [Recognition() for _ in texts]
        for index, (number, start, _end) in enumerate(places):
            results[number].entities += [
                replace(span, start=span.start + start, end=span.end + start)
                for span in found[index].entities
            ]
            results[number].triggers += [
                _moved(trigger, start, texts[number]) for trigger in found[index].triggers
            ]
        return results


def _moved(trigger: Trigger, by: int, text: str) -> Trigger:
    """The trigger at its place in the whole text, without arguments that cross a sentence's end."""
    moved = (replace(span, start=span.start + by, end=span.end + by) for span in trigger.arguments)
    arguments = tuple(
        span for span in moved if not _SENTENCE_END.search(text, span.start, span.end)
    )
    return Trigger(trigger.start + by, trigger.end + by, trigger.types, arguments)
