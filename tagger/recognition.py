"""Texts to entity spans and triggers: windows, features, network and decoding in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import NamedTuple, TypeVar

from cachetools import LRUCache

from tagger.decoding import (
    LabelledSpan,
    RoleSpan,
    Scores,
    Trigger,
    decode_entities,
    decode_triggers,
)
from tagger.encoder import Backend, score_windows
from tagger.features import Featurizer, fold
from tagger.lexicon import Lexicon
from tagger.model import ModelConfig
from tagger.text import windows

# None of the 19,192 arguments of the finance set holds either.
_SENTENCE_END = re.compile(r"[。\n]")

# Windows whose answers are kept: some thirty megabytes when it is full.
CACHED_WINDOWS = 10_000

_Span = TypeVar("_Span", LabelledSpan, RoleSpan)


@dataclass
class Recognition:
    """What the model found in one text, offsets in the text, in order of place."""

    entities: list[LabelledSpan] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)


class _Found(NamedTuple):
    """What the model found in one window, offsets in the window."""

    entities: tuple[LabelledSpan, ...]
    triggers: tuple[Trigger, ...]


class Recognizer:
    """A model ready to read texts; safe to share between threads.

    The answers to the last ``cached_windows`` windows are kept, by what the network reads of them:
    headlines, boilerplate and syndicated copies are read once.
    """

    def __init__(
        self,
        config: ModelConfig,
        featurizer: Featurizer,
        backend: Backend,
        cached_windows: int = CACHED_WINDOWS,
    ) -> None:
        self.config = config
        self._featurizer = featurizer
        self._backend = backend
        self._cache: LRUCache[str, _Found] = LRUCache(cached_windows)
        self._lock = Lock()

    @classmethod
    def load(
        cls,
        folder: Path,
        backend: Backend,
        cached_windows: int = CACHED_WINDOWS,
        lexicon: Lexicon | None = None,
    ) -> Recognizer:
        """Reads the configuration and the tokenizer of a model folder; ``lexicon`` as in
        :meth:`tagger.features.Featurizer.load`."""
        config = ModelConfig.load(folder)
        featurizer = Featurizer.load(folder, config, lexicon)
        return cls(config, featurizer, backend, cached_windows)

    def __call__(self, texts: Sequence[str]) -> list[Recognition]:
        """Entities and triggers of every text."""
        places = [
            (number, start, fold(text[start:end]))
            for number, text in enumerate(texts)
            for start, end in windows(text, self.config.max_characters)
        ]
        found = self._read(dict.fromkeys(window for _number, _start, window in places))
        results = [Recognition() for _ in texts]
        for number, start, window in places:
            results[number].entities += _trimmed(
                (span.moved(start) for span in found[window].entities), texts[number]
            )
            results[number].triggers += [
                _moved(trigger, start, texts[number]) for trigger in found[window].triggers
            ]
        return results

    def _read(self, wanted: Iterable[str]) -> dict[str, _Found]:
        """What is found in each window, which is given as the network reads it."""
        with self._lock:
            found = {each: self._cache[each] for each in wanted if each in self._cache}
        new = [each for each in wanted if each not in found]
        features = [self._featurizer.of_folded(window) for window in new]

        def decode(index: int, scores: Scores) -> tuple[str, _Found]:
            entities = decode_entities(scores.entities, self.config)
            triggers = decode_triggers(scores, self.config)
            return new[index], _Found(tuple(entities), tuple(triggers))

        read = dict(score_windows(features, self._backend, self.config.pad_piece, decode))
        with self._lock:
            for window, answer in read.items():
                if self._cache.maxsize:
                    self._cache[window] = answer
        return found | read


def _moved(trigger: Trigger, by: int, text: str) -> Trigger:
    """The trigger at its place in the whole text, without arguments that cross a sentence's end."""
    moved = _trimmed((span.moved(by) for span in trigger.arguments), text)
    arguments = tuple(
        span for span in moved if not _SENTENCE_END.search(text, span.start, span.end)
    )
    return Trigger(trigger.start + by, trigger.end + by, trigger.types, arguments)


def _trimmed(spans: Iterable[_Span], text: str) -> Iterator[_Span]:
    """The spans of a text without the white space at their ends, such as a table's, and without
    those that are nothing else."""
    for span in spans:
        part = text[span.start : span.end]
        if part != part.strip():
            end = span.start + len(part.rstrip())
            span = replace(span, start=span.end - len(part.lstrip()), end=end)
        if span.start < span.end:
            yield span
