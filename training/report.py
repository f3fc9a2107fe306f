"""What a training run leaves for its reader: scores as JSON and a learning-curve picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from tagger.model import ModelConfig, read_json_object
from training.calibrate import Reliability
from training.scoring import LAYERS, Score
from training.settings import Settings

SCORES_FILE = "scores.json"
CURVE_FILE = "learning_curve.png"


class EpochResult(NamedTuple):
    """One epoch: mean training loss and held-out F1 by layer, of those that are annotated."""

    epoch: int
    loss: float
    f1: dict[str, float]

    @property
    def value(self) -> float:
        """What early stopping watches: the sum of the layers' F1."""
        return sum(self.f1.values())

    def line(self) -> str:
        """The result in one line."""
        shown = "  ".join(f"{layer} {value:.4f}" for layer, value in self.f1.items())
        return f"epoch {self.epoch}  loss {self.loss:.4f}  F1: {shown}"


def write_report(
    folder: Path,
    config: ModelConfig,
    settings: Settings,
    history: list[EpochResult],
    scores: dict[str, dict[str, Score]],
    sizes: dict[str, int],
    reliability: dict[str, Reliability],
    sources: Mapping[str, Sequence[str]],
) -> None:
    """Writes ``scores.json`` and, where matplotlib is installed, ``learning_curve.png``."""
    report: dict[str, Any] = {
        "model": f"{config.name} {config.version}",
        "settings": asdict(settings),
        "sources": {option: list(names) for option, names in sources.items()},
        "paragraphs": sizes,
        "history": [each._asdict() for each in history],
    }
    _write(folder, report, scores, reliability)
    _draw_curve(folder / CURVE_FILE, history)


def update_report(
    folder: Path,
    config: ModelConfig,
    scores: dict[str, dict[str, Score]],
    reliability: dict[str, Reliability],
) -> None:
    """Puts new scores into the ``scores.json`` of a model that was exported again."""
    report = read_report(folder)
    report["model"] = f"{config.name} {config.version}"
    _write(folder, report, scores, reliability)


def read_report(folder: Path) -> dict[str, Any]:
    """What :func:`write_report` wrote. Raises OSError, or ValueError naming the file."""
    path = folder / SCORES_FILE
    try:
        return read_json_object(path)
    except ValueError as error:
        raise ValueError(f"{path} is damaged ({error}); train the model again") from error


def _write(
    folder: Path,
    report: dict[str, Any],
    scores: dict[str, dict[str, Score]],
    reliability: dict[str, Reliability],
) -> None:
    report["held_out"] = {
        layer: {label: as_row(each) for label, each in by_label.items()}
        for layer, by_label in scores.items()
    }
    report["calibration"] = {head: asdict(each) for head, each in reliability.items()}
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (folder / SCORES_FILE).write_text(text + "\n", encoding="utf-8")


def as_row(score: Score) -> dict[str, float | int]:
    """A score as plain numbers, rounded to four places."""
    return {
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
        "support": score.support,
    }


def _draw_curve(path: Path, history: list[EpochResult]) -> None:
    try:
        figure = learning_curve(history)
    except ImportError:
        return
    figure.savefig(path, dpi=120)


def learning_curve(history: list[EpochResult]) -> Any:
    """The picture of a run: held-out F1 by epoch. Raises ImportError without matplotlib."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot()
    epochs = [each.epoch for each in history]
    # Told apart without colours too.
    for layer, marker in zip(LAYERS, "os^", strict=True):
        if all(layer in each.f1 for each in history):
            axes.plot(epochs, [each.f1[layer] for each in history], marker=marker, label=layer)
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_ylabel("held-out F1")
    axes.set_ylim(0, 1)
    axes.grid(alpha=0.3)
    axes.legend()
    return figure
