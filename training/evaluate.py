"""Measures a model on annotated text it has not seen.

``python -m training.evaluate --model DIR --data dev.jsonl [--against OTHER] [--errors]``
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from tagger.encoder import OnnxBackend
from tagger.features import Featurizer
from tagger.model import ModelConfig
from training.argument_errors import (
    argument_errors,
    by_kind,
    example_lines,
    kind_table,
    scores_by_type,
    type_table,
)
from training.examples import Example
from training.prediction import only, predict, tag
from training.readers.collecting import HELD_OUT_SPLITS, Collector
from training.readers.options import (
    SOURCES_ARE,
    FormatOption,
    MapLabelsOption,
    SkipFaultsOption,
)
from training.refusing import faults_said
from training.report import as_row
from training.scoring import LAYERS, Item, Score, annotated, items, score, score_pair
from training.tasks import labels_of

Pairs = Sequence[tuple[Example, Example]]

_RESAMPLES = 1000
_SHOWN = 10
_CONTEXT = 12


def evaluate(
    model: Annotated[Path, typer.Option(help="a model folder")],
    data: Annotated[str, typer.Option(help=f"annotated, and not seen in training: {SOURCES_ARE}")],
    output: Annotated[Path | None, typer.Option(help="write the scores as JSON")] = None,
    against: Annotated[
        Path | None, typer.Option(help="another model folder, compared in a paired test")
    ] = None,
    errors: Annotated[
        bool,
        typer.Option(
            "--errors",
            help="score arguments by event type and role too, and sort their errors by kind, with "
            "examples from the data",
        ),
    ] = False,
    whole_tagger: Annotated[
        bool,
        typer.Option(
            "--whole-tagger",
            help="measure what the tagger says, lexicon and rules included, in place of what the "
            "network says",
        ),
    ] = False,
    seed: Annotated[int, typer.Option(help="seed of the resampling")] = 13,
    format: FormatOption = None,
    map_labels: MapLabelsOption = None,
    skip_faults: SkipFaultsOption = False,
) -> None:
    """Print precision, recall and F1 of every layer and label, and the commonest confusions."""
    console = Console()
    with faults_said():
        if output is not None:
            # Figures that cannot be written are not to be measured first.
            output.open("ab").close()
        collector = Collector(format, map_labels, skip_faults)
        gold = collector.read([data], HELD_OUT_SPLITS)
        collector.check()
        collector.say_left_out(Console(stderr=True))
        pairs, uncounted = _predicted(gold, model, whole_tagger)
        others = _predicted(gold, against, whole_tagger)[0] if against is not None else None
    if uncounted:
        said = ", ".join(f"{label} ({count:,})" for label, count in uncounted)
        Console(stderr=True).print(
            f"found, but nowhere in the annotation, so not counted: {said}",
            style="yellow",
            soft_wrap=True,
        )
    report: dict[str, Any] = {}
    layers = [layer for layer in LAYERS if annotated(pairs, layer)]
    for layer in LAYERS:
        if layer not in layers:
            console.print(f"{layer}: not annotated here, so not measured")
            continue
        scores = score(pairs, layer)
        low, high = bootstrap(pairs, layer, seed)
        title = f"{layer}: F1 {scores['all'].f1:.4f} (95% interval {low:.4f} to {high:.4f})"
        console.print(_table(title, scores))
        report[layer] = {label: as_row(each) for label, each in scores.items()}
    if others is not None:
        console.print(f"\nAgainst {against}:", style="bold")
        for layer in layers:
            console.print(compare(pairs, others, layer, seed), markup=False, highlight=False)
    for layer in (each for each in layers if each != "arguments"):
        console.print(f"\nCommonest errors, {layer}:", style="bold")
        for line in confusions(pairs, layer):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    if errors and "arguments" in layers:
        report |= _show_argument_errors(pairs, console)
    if output is not None:
        output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def bootstrap(pairs: Pairs, layer: str, seed: int) -> tuple[float, float]:
    """The 95% interval of the overall F1 over resampled paragraphs (Efron 1979)."""
    counts = _counts(pairs, layer)
    if not len(counts):
        return 0.0, 0.0
    chosen = np.random.default_rng(seed).integers(len(counts), size=(_RESAMPLES, len(counts)))
    low, high = np.quantile(_f1(counts[chosen].sum(axis=1)), [0.025, 0.975])
    return float(low), float(high)


def compare(pairs: Pairs, others: Pairs, layer: str, seed: int) -> str:
    """Both F1, and how often chance alone makes a difference as large: the share of random swaps
    of the two models' answers, paragraph by paragraph, that do (approximate randomization, Yeh
    2000)."""
    counts = np.stack([_counts(pairs, layer), _counts(others, layer)])
    ours, theirs = (float(each) for each in _f1(counts.sum(axis=1)))
    swapped = np.random.default_rng(seed).random((_RESAMPLES, counts.shape[1])) < 0.5
    mixed = np.where(swapped[..., None], counts[1], counts[0]).sum(axis=1)
    differences = np.abs(_f1(mixed) - _f1(counts.sum(axis=(0, 1)) - mixed))
    chance = (np.sum(differences >= abs(ours - theirs) - 1e-12) + 1) / (_RESAMPLES + 1)
    return f"{layer:10} {ours:.4f} against {theirs:.4f}, {ours - theirs:+.4f}, p = {chance:.3f}"


def _predicted(
    gold: list[Example], folder: Path, whole_tagger: bool
) -> tuple[Pairs, list[tuple[str, int]]]:
    """The pairs with what a model finds, less the labels that the annotation does not use, which
    says nothing of them; and how often it finds those, the commonest first."""
    if whole_tagger:
        found = tag(gold, folder)
    else:
        config = ModelConfig.load(folder)
        found = predict(gold, config, Featurizer.load(folder, config), OnnxBackend(folder))
    labels = labels_of(gold)
    kept = [only(example, labels) for example in found]
    uncounted = _names(found) - _names(kept)
    return list(zip(gold, kept, strict=True)), uncounted.most_common()


def _names(examples: list[Example]) -> Counter[str]:
    entities = (span.label for example in examples for span in example.entities or ())
    events = (event.trigger.label for example in examples for event in example.events or ())
    return Counter([*entities, *events])


def _show_argument_errors(pairs: Pairs, console: Console) -> dict[str, Any]:
    """Prints what ``--errors`` adds; the figures as plain numbers, without a word of the data."""
    scores, errors = scores_by_type(pairs), list(argument_errors(pairs))
    console.print("", type_table(scores), kind_table(errors), "", sep="\n")
    for line in example_lines(errors):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return {
        "arguments_by_type": {
            kind: {role: as_row(each) for role, each in roles.items()}
            for kind, roles in scores.items()
        },
        "argument_errors": {
            kind: dict(Counter("missed" if each.missed else "wrong" for each in of_kind))
            for kind, of_kind in by_kind(errors).items()
        },
    }


def _counts(pairs: Pairs, layer: str) -> NDArray[np.int64]:
    """Right, wrong and missed of every paragraph annotated in the layer, [paragraphs, 3]."""
    found = annotated(pairs, layer)
    totals = (sum(score_pair(*pair, layer).values(), Score()) for pair in found)
    rows = [(each.right, each.wrong, each.missed) for each in totals]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    right, wrong, missed = np.moveaxis(counts, -1, 0)
    result: NDArray[np.float64] = 2 * right / np.maximum(1, 2 * right + wrong + missed)
    return result


def confusions(pairs: Pairs, layer: str) -> list[str]:
    """The commonest kinds of error, each with an example in its context."""
    kinds: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for gold, found in annotated(pairs, layer):
        expected, got = items(gold, layer), items(found, layer)
        for item in sorted(expected ^ got, key=_place):
            kind = _kind(item, expected, got)
            if kind is None:
                continue
            kinds[kind] += 1
            start, end = int(item[0]), int(item[1])
            examples.setdefault(kind, _in_context(gold.text, start, end))
    return [
        f"{count:4}  {wanted} → {got}   e.g. {examples[wanted, got]}"
        for (wanted, got), count in kinds.most_common(_SHOWN)
    ]


def _kind(
    item: Item,
    expected: set[Item],
    got: set[Item],
) -> tuple[str, str] | None:
    """(annotated, found) of one error; None for the found half of an error counted already."""
    missed = item in expected
    others = sorted(got - expected if missed else expected - got, key=_place)
    rivals = [
        each for each in others if int(each[0]) < int(item[1]) and int(item[0]) < int(each[1])
    ]
    if not rivals:
        return (str(item[-1]), "nothing") if missed else ("nothing", str(item[-1]))
    if not missed:
        return None
    rival = max(
        rivals, key=lambda each: min(int(each[1]), int(item[1])) - max(int(each[0]), int(item[0]))
    )
    if rival[:2] == item[:2]:
        return str(item[-1]), str(rival[-1])
    return str(item[-1]), f"{rival[-1]} with other borders"


def _place(item: Item) -> tuple[int, int, str]:
    return int(item[0]), int(item[1]), str(item[-1])


def _in_context(text: str, start: int, end: int) -> str:
    left, right = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return f"{left}【{text[start:end]}】{right}".replace("\n", " ")


def _table(title: str, scores: dict[str, Score]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("label")
    for name in ("precision", "recall", "F1", "support"):
        table.add_column(name, justify="right")
    for label, each in scores.items():
        table.add_row(
            label,
            f"{each.precision:.4f}",
            f"{each.recall:.4f}",
            f"{each.f1:.4f}",
            str(each.support),
        )
    return table


if __name__ == "__main__":
    typer.run(evaluate)
