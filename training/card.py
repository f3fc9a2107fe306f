"""Writes a model folder's card, ``README.md``, from what its run and its measurements left.

``python -m training.card --model DIR --notes notes.md``
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from tagger.model import ModelConfig
from training.refusing import faults_said
from training.report import read_report

_FILE = "README.md"
_UNNAMED_NOTES = (
    "Not stated; name the corpora and their licences here before you publish this model."
)


def write_card(folder: Path, notes: str | None = None) -> None:
    """Writes the card. ``notes`` is Markdown on data, licences and weaknesses."""
    config = ModelConfig.load(folder)
    report = read_report(folder)
    sizes = report["paragraphs"]
    sections = [
        f"# {config.name} {config.version}",
        "A token-classification model for Chinese financial text, read by `tagger.load()`. "
        f"Encoder: {config.encoder.get('model_type', 'unknown')}, "
        f"{config.encoder.get('num_hidden_layers', '?')} layers of "
        f"{config.encoder.get('hidden_size', '?')}, "
        f"{config.encoder.get('vocab_size', '?')} pieces.",
        "## Data, licences and limits",
        (notes or _UNNAMED_NOTES).strip(),
        *_sources(report.get("sources")),
        "## How good",
        f"Exact span and label on {sizes['held_out']:,} held-out paragraphs that training did not "
        f"see (trained on {sizes['train']:,}); one run, seed {report['settings']['seed']}.",
        *(
            f"### {layer.capitalize()}\n\n{_score_table(scores)}"
            for layer, scores in report["held_out"].items()
        ),
        *_calibration(report.get("calibration")),
        "## Settings",
        "```toml\n"
        # JSON writes numbers and truth values as TOML does.
        + "".join(f"{name} = {json.dumps(value)}\n" for name, value in report["settings"].items())
        + "```",
    ]
    (folder / _FILE).write_text("\n\n".join(sections) + "\n", encoding="utf-8")


def _sources(report: dict[str, list[str]] | None) -> list[str]:
    """What the run read, as its command named it."""
    if not report:
        return []
    rows = [
        f"- {option}: {', '.join(f'`{name}`' for name in names)}"
        for option, names in report.items()
    ]
    return ["Made from:\n\n" + "\n".join(rows)]


def _score_table(scores: dict[str, dict[str, float]]) -> str:
    rows = ["| label | precision | recall | F1 | support |", "| --- | --- | --- | --- | --- |"]
    rows += [
        f"| {label} | {each['precision']:.3f} | {each['recall']:.3f} | {each['f1']:.3f} "
        f"| {each['support']} |"
        for label, each in scores.items()
    ]
    return "\n".join(rows)


def _calibration(report: dict[str, dict[str, Any]] | None) -> list[str]:
    if not report:
        return []
    rows = ["| head | temperature | error before | error after |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {head} | {each['temperature']} | {each['before']:.3f} | {each['after']:.3f} |"
        for head, each in report.items()
    ]
    return [
        "## Calibration",
        "Expected calibration error of the scores, fitted and measured on the held-out paragraphs.",
        "\n".join(rows),
    ]


def _main(
    model: Annotated[Path, typer.Option(help="a model folder with scores.json")],
    notes: Annotated[Path | None, typer.Option(help="Markdown on data and licences")] = None,
) -> None:
    """Write README.md of a model folder."""
    with faults_said():
        write_card(model, notes.read_text(encoding="utf-8") if notes else None)


if __name__ == "__main__":
    typer.run(_main)
