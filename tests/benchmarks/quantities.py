"""Scores the rules layer against annotated paragraphs.

    python tests/benchmarks/quantities.py paragraphs.jsonl --reference 2022-01-15

A line holds ``text`` and ``quantities`` with ``start``, ``end``, ``label``, ``value`` (a number, or
``low..high``, or ``-``) and ``unit`` as written. Prints F1 per label, the share of exact values
among what was found, and the commonest errors.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from tagger.document import Quantity, format_number
from tagger.numerals import find_quantities

Span = tuple[int, int, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--reference", type=date.fromisoformat, default=None)
    parser.add_argument("--lines", choices=("all", "odd", "even"), default="all")
    parser.add_argument("--errors", type=int, default=0, help="how many errors to print")
    arguments = parser.parse_args()
    items = [json.loads(line) for line in arguments.data.read_text(encoding="utf-8").splitlines()]
    step = {"all": slice(None), "odd": slice(0, None, 2), "even": slice(1, None, 2)}
    report(items[step[arguments.lines]], arguments.reference, arguments.errors)


def report(items: list[dict[str, Any]], reference: date | None, shown: int) -> None:
    counts: dict[str, Counter[str]] = {}
    errors: list[str] = []
    exact = valued = 0
    find_quantities("1年")  # reads the tables, which is no part of the speed
    started = time.process_time()
    found = [find_quantities(item["text"], reference) for item in items]
    seconds = time.process_time() - started
    for item, quantities in zip(items, found, strict=True):
        gold = {(each["start"], each["end"], each["label"]): each for each in item["quantities"]}
        ours = {(each.start, each.end, each.label): each for each in quantities}
        for span in gold.keys() | ours.keys():
            kind = "hit" if span in gold and span in ours else "missed" if span in gold else "extra"
            for label in (span[2], "all"):
                counts.setdefault(label, Counter())[kind] += 1
            if kind != "hit":
                errors.append(f"{kind:7}{span[2]:9}{_context(item['text'], span)}")
        for span in gold.keys() & ours.keys():
            if gold[span]["value"] == "-":
                continue
            valued += 1
            if _same_value(ours[span], gold[span]):
                exact += 1
            else:
                errors.append(f"value  {span[2]:9}{gold[span]} {ours[span]}")
    for label in sorted(counts):
        print(f"{label:10}{_scores(counts[label])}")
    print(f"exact values {exact}/{valued} = {exact / max(valued, 1):.4f}")
    characters = sum(len(item["text"]) for item in items)
    print(f"{characters} characters, {characters / seconds:,.0f} a CPU second")
    for error in sorted(errors)[:shown]:
        print(error)


def _scores(count: Counter[str]) -> str:
    hit, missed, extra = count["hit"], count["missed"], count["extra"]
    precision, recall = hit / max(hit + extra, 1), hit / max(hit + missed, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    scores = f"P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}"
    return f"{scores}  ({hit} hit, {missed} missed, {extra} extra)"


def _same_value(quantity: Quantity, gold: dict[str, Any]) -> bool:
    values: Iterable[Any] = (
        (quantity.low, quantity.high) if quantity.value is None else (quantity.value,)
    )
    written = "..".join(format_number(value) for value in values if value is not None)
    same = _comparable(written) == _comparable(gold["value"])
    units = {quantity.unit, quantity.unit_text, None if gold["unit"] != "-" else "-", gold["unit"]}
    return same and gold["unit"] in units


def _comparable(value: str) -> list[str]:
    """Numbers without trailing zeros: 8.0 and 8 are one value."""
    parts = value.split("..")
    return [part.rstrip("0").rstrip(".") if "." in part else part for part in parts]


def _context(text: str, span: Span) -> str:
    start, end, _ = span
    return f"{text[max(0, start - 10) : start]}[{text[start:end]}]{text[end : end + 10]}".replace(
        "\n", " "
    )


if __name__ == "__main__":
    main()
