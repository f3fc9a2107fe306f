"""Tag scores to spans, with the tag grammar enforced: no span without its beginning and end."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tagger.model import BOUNDARIES, ModelConfig

Floats = NDArray[np.float32]

_FORBIDDEN = np.float32(-1e4)
_LONGEST_ARGUMENT = 64
_LIKELY = 0.5
# F1 is highest where all is named that is likelier than half the F1 that can be reached (Lipton et
# al. 2014), which is 0.8 for triggers with their types.
_LIKELY_TYPE = 0.4
_LIKELY_LOGIT = 0.0
# Characters on both sides of a break that are decoded anew at least.
_MARGIN = 4


class Scores(NamedTuple):
    """The model's raw scores for one window, one row a character.

    entities [characters, tags], boundaries [characters, 5], types [characters, event types],
    role_queries and role_keys [characters, 2 x roles, size].
    """

    entities: Floats
    boundaries: Floats
    types: Floats
    role_queries: Floats
    role_keys: Floats


@dataclass(frozen=True)
class LabelledSpan:
    """A span, its label and the probability that both are right."""

    start: int
    end: int
    label: str
    score: float

    def moved(self, by: int) -> LabelledSpan:
        """The span in a text in which the window begins at ``by``."""
        return LabelledSpan(self.start + by, self.end + by, self.label, self.score)


@dataclass(frozen=True)
class RoleSpan:
    """A stretch of text that fills a role of one trigger."""

    role: str
    start: int
    end: int
    score: float

    def moved(self, by: int) -> RoleSpan:
        """The span in a text in which the window begins at ``by``."""
        return RoleSpan(self.role, self.start + by, self.end + by, self.score)


@dataclass(frozen=True)
class Trigger:
    """A trigger with every event type that it names, as (type, probability), and its arguments."""

    start: int
    end: int
    types: tuple[tuple[str, float], ...]
    arguments: tuple[RoleSpan, ...] = ()


def decode_entities(logits: Floats, config: ModelConfig) -> list[LabelledSpan]:
    """The best entity spans of a window under the BIOES grammar; ``logits`` [characters, tags]."""
    scores = _log_softmax(logits / _temperature(config, "entities"))
    return [
        LabelledSpan(start, end, config.entity_labels[label], score)
        for start, end, label, score in _spans(scores, _grammar(len(config.entity_labels)))
    ]


def decode_triggers(window: Scores, config: ModelConfig) -> list[Trigger]:
    """The triggers of a window with their types and arguments."""
    if not config.event_types:
        return []
    scores = _log_softmax(window.boundaries / _temperature(config, "boundaries"))
    triggers = []
    for start, end, _label, score in _spans(scores, _grammar(1)):
        logits = _mean(window.types[start:end]) / _temperature(config, "types")
        chances = _sigmoid(logits)
        named = np.flatnonzero(chances >= _LIKELY_TYPE)
        if not len(named):
            named = np.array([int(chances.argmax())])
        types = tuple(
            (config.event_types[index], float(chances[index]) * score)
            for index in sorted(named, key=lambda index: -chances[index])
        )
        triggers.append(Trigger(start, end, types, decode_roles(window, start, config)))
    return triggers


def decode_roles(window: Scores, trigger: int, config: ModelConfig) -> tuple[RoleSpan, ...]:
    """The arguments of the trigger that starts at a character, in order of role and place."""
    size = window.role_queries.shape[-1]
    products = np.einsum("rs,crs->rc", window.role_queries[trigger], window.role_keys)
    logits = products / np.sqrt(size) / _temperature(config, "roles")
    starts, ends = logits[: len(config.roles)], logits[len(config.roles) :]
    found = []
    for role, begin, following in _likely(starts):
        stop = min(following, begin + _LONGEST_ARGUMENT)
        # The likeliest end, not the first likely one: half a point of F1 on held-out text.
        end = int(begin + ends[role, begin:stop].argmax() + 1)
        score = math.sqrt(_chance(starts[role, begin]) * _chance(ends[role, end - 1]))
        if score >= _LIKELY:
            found.append(RoleSpan(config.roles[role], begin, end, score))
    return tuple(found)


def _likely(starts: Floats) -> Iterator[tuple[int, int, int]]:
    """Role and place of each likely start by its logits [roles, characters], in order, and the
    place of the role's next one or the end of the window."""
    roles, places = (found.tolist() for found in np.nonzero(starts >= _LIKELY_LOGIT))
    for index, (role, place) in enumerate(zip(roles, places, strict=True)):
        last = index + 1 == len(roles) or roles[index + 1] != role
        yield role, place, starts.shape[1] if last else places[index + 1]


def _temperature(config: ModelConfig, head: str) -> float:
    return config.temperatures.get(head, 1.0)


class _Grammar(NamedTuple):
    """Place and label of each tag; penalties of the first tag, each step [from, to], the last."""

    places: tuple[str, ...]
    labels: tuple[int, ...]
    first: Floats
    step: Floats
    last: Floats


@cache
def _grammar(labels: int) -> _Grammar:
    """The BIOES grammar of ``O`` and the four tags of each label, in the order of the tags."""
    places = BOUNDARIES[:1] + BOUNDARIES[1:] * labels
    of_tag = (-1, *(label for label in range(labels) for _ in BOUNDARIES[1:]))
    open_after = np.array([place in "BI" for place in places])
    open_before = np.array([place in "IE" for place in places])
    same = np.equal.outer(of_tag, of_tag)
    allowed = (open_after[:, None] & open_before & same) | ~(open_after[:, None] | open_before)
    return _Grammar(
        places,
        of_tag,
        np.where(open_before, _FORBIDDEN, 0).astype(np.float32),
        np.where(allowed, 0, _FORBIDDEN).astype(np.float32),
        np.where(open_after, _FORBIDDEN, 0).astype(np.float32),
    )


def _spans(scores: Floats, grammar: _Grammar) -> list[tuple[int, int, int, float]]:
    """(start, end, label, probability) of every span on the best path."""
    path = _best_path(scores, grammar.first, grammar.step, grammar.last)
    chosen = scores[np.arange(len(path)), path]
    spans = []
    start = 0
    for position, tag in enumerate(path):
        if not tag:  # most characters are outside
            continue
        place = grammar.places[tag]
        if place in "BS":
            start = position
        if place in "ES":
            score = float(np.exp(_mean(chosen[start : position + 1])))
            spans.append((start, position + 1, grammar.labels[tag], score))
    return spans


def _best_path(scores: Floats, first: Floats, step: Floats, last: Floats) -> list[int]:
    """The best legal path over [characters, tags]; tag 0 is ``O``.

    The best tag of every character is mostly legal. Where it is not, the stretch between two
    characters that are outside is decoded with free ends; if it leaves those two outside, no path
    over the whole is better (every other character has its best tag), else the whole is decoded.
    """
    greedy = scores.argmax(axis=1)
    broken = (np.flatnonzero(step[greedy[:-1], greedy[1:]]) + 1).tolist()
    if first[greedy[0]]:
        broken.insert(0, 0)
    if last[greedy[-1]]:
        broken.append(len(greedy) - 1)
    path: list[int] = greedy.tolist()
    free = np.zeros_like(first)
    for start, end in _stretches(path, broken):
        at_start, at_end = start == 0, end == len(path)
        mended = _viterbi(
            scores[start:end], first if at_start else free, step, last if at_end else free
        )
        if (mended[0] and not at_start) or (mended[-1] and not at_end):
            return _viterbi(scores, first, step, last)
        path[start:end] = mended
    return path


def _stretches(path: list[int], places: list[int]) -> list[tuple[int, int]]:
    """The characters around each place, from one outside of spans to another or to the ends;
    what overlaps is one stretch."""
    found: list[tuple[int, int]] = []
    for place in places:
        start = max(0, place - _MARGIN)
        while start > 0 and path[start]:
            start -= 1
        end = min(len(path), place + _MARGIN)
        while end < len(path) and path[end - 1]:
            end += 1
        if found and start < found[-1][1]:
            start, end = found[-1][0], max(end, found.pop()[1])
        found.append((start, end))
    return found


def _viterbi(scores: Floats, first: Floats, step: Floats, last: Floats) -> list[int]:
    best = scores[0] + first
    before = np.ascontiguousarray(step.T)  # [to, from]: what is compared lies side by side
    tags = np.arange(len(first))
    came_from = []
    for of_character in scores[1:]:
        options = before + best
        origins = options.argmax(axis=1)
        best = options[tags, origins] + of_character
        came_from.append(origins)
    path = [int((best + last).argmax())]
    for origins in reversed(came_from):
        path.append(int(origins[path[-1]]))
    return path[::-1]


def _mean(values: Floats) -> Any:
    """What ``values.mean(axis=0)`` is, whose checks take longer than the few sums of a span."""
    return np.add.reduce(values) / np.float32(len(values))


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-min(max(logit, -30), 30)))


def _sigmoid(logits: Floats) -> Floats:
    chances: Floats = np.reciprocal(1 + np.exp(-np.clip(logits, -30, 30)))
    return chances
