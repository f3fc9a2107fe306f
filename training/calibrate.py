"""Makes scores probabilities: one temperature a head, fitted on held-out text (Guo et al. 2017).

A temperature divides the logits; it moves the scores and leaves the spans as they are.
``python -m training.calibrate --model DIR --data dev.jsonl``
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from tagger.decoding import Scores, decode_entities, decode_triggers
from tagger.encoder import OnnxBackend, score_windows
from tagger.features import Featurizer
from tagger.model import ModelConfig
from training.batches import cut
from training.corpora import Example
from training.readers.reading import read_examples
from training.refusing import faults_said
from training.scoring import items

# With 1.0, which leaves the scores as they are.
_GRID = tuple(round(0.4 + 0.1 * step, 1) for step in range(27))
_BINS = 10
_LEAST = 1e-4

Judged = list[tuple[float, bool]]
Judge = Callable[[Scores, Example, ModelConfig], Judged]


@dataclass(frozen=True)
class Reliability:
    """A head's temperature, and how far its scores are from the share that is right
    (expected calibration error, 0 to 1) without and with it."""

    temperature: float
    before: float
    after: float


def calibrate(folder: Path, examples: Sequence[Example]) -> dict[str, Reliability]:
    """Fits the temperatures of a model folder on held-out examples, into its ``config.json``."""
    config = replace(ModelConfig.load(folder), temperatures={})
    featurizer = Featurizer.load(folder, config)
    parts = [part for example in examples for part in cut(example, config.max_characters)]
    # A temperature moves the scores of its own head alone, so that one grid does for all heads.
    heated = [replace(config, temperatures=dict.fromkeys(_JUDGES, each)) for each in _GRID]

    def judged_window(index: int, scores: Scores) -> dict[str, list[Judged]]:
        return {
            head: [judge(scores, parts[index], each) for each in heated]
            for head, judge in _JUDGES.items()
        }

    features = [featurizer(part.text) for part in parts]
    windows = list(score_windows(features, OnnxBackend(folder), config.pad_piece, judged_window))
    result: dict[str, Reliability] = {}
    for head in _JUDGES:
        judged = {
            temperature: [each for window in windows for each in window[head][place]]
            for place, temperature in enumerate(_GRID)
        }
        if not judged[1.0]:
            continue
        best = min(_GRID, key=lambda temperature: _loss(judged[temperature]))
        before, after = (calibration_error(judged[each]) for each in (1.0, best))
        result[head] = Reliability(best, before, after)
    temperatures = {head: each.temperature for head, each in result.items()}
    replace(config, temperatures=temperatures).save(folder)
    return result


def calibration_error(judged: Judged) -> float:
    """The expected calibration error over ten bins of equal width."""
    scores = np.array([score for score, _right in judged])
    right = np.array([right for _score, right in judged], dtype=float)
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    return float(
        sum(
            abs(scores[bins == index].mean() - right[bins == index].mean()) * (bins == index).mean()
            for index in np.unique(bins)
        )
    )


def _judge_entities(scores: Scores, example: Example, config: ModelConfig) -> Judged:
    if example.entities is None:
        return []
    expected = items(example, "entities")
    return [
        (span.score, (span.start, span.end, span.label) in expected)
        for span in decode_entities(scores.entities, config)
    ]


def _judge_triggers(scores: Scores, example: Example, config: ModelConfig) -> Judged:
    if example.events is None:
        return []
    expected = items(example, "triggers")
    return [
        (score, (trigger.start, trigger.end, kind) in expected)
        for trigger in decode_triggers(scores, config)
        for kind, score in trigger.types
    ]


def _judge_arguments(scores: Scores, example: Example, config: ModelConfig) -> Judged:
    if example.events is None:
        return []
    expected = {(*item[:2], *item[3:]) for item in items(example, "arguments")}
    triggers = {item[:2] for item in items(example, "triggers")}
    return [
        (span.score, (trigger.start, trigger.end, span.start, span.end, span.role) in expected)
        for trigger in decode_triggers(scores, config)
        if (trigger.start, trigger.end) in triggers
        for span in trigger.arguments
    ]


_JUDGES: dict[str, Judge] = {
    "entities": _judge_entities,
    "boundaries": _judge_triggers,
    "roles": _judge_arguments,
}


def _loss(judged: Judged) -> float:
    """Mean negative log likelihood of right and wrong."""
    chances = np.array([score if right else 1 - score for score, right in judged])
    return float(-np.log(np.maximum(chances, _LEAST)).mean())


def _main(
    model: Annotated[Path, typer.Option(help="a model folder")],
    data: Annotated[Path, typer.Option(help="annotated JSONL that training did not see")],
) -> None:
    """Fit the temperatures and write them into config.json."""
    with faults_said():
        found = calibrate(model, read_examples(data))
    for head, each in found.items():
        print(
            f"{head}: temperature {each.temperature}, "
            f"calibration error {each.before:.3f} before, {each.after:.3f} after"
        )


if __name__ == "__main__":
    typer.run(_main)
