"""The rules layer beside JioNLP and Microsoft Recognizers-Text: speed, scores, disagreements.

    python -m tests.benchmarks.quantity_peers texts.jsonl --show 20

A line of the file holds ``text``; where it also holds ``quantities`` as in quantities_dev.jsonl,
every reader is scored against them. Readers are timed in CPU seconds in one process, in turns.
The peers are no dependency of this project. They may lie in an environment of their own:

    python -m venv peers && peers/bin/pip install jionlp recognizers-text-suite "emoji<2"
    PYTHONPATH=peers/lib/python3.11/site-packages python -m tests.benchmarks.quantity_peers …
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from tagger.document import Quantity, parse_number
from tagger.numerals import find_quantities
from tagger.numerals.tables import rows

INSTALL = 'pip install jionlp recognizers-text-suite "emoji<2"'
ROUNDS = 2
KINDS = {"MONEY": "money", "PERCENT": "percent"}
CLASSES = ("same", "other value", "other span", "only ours", "only the peer's")


class Found(NamedTuple):
    """A span with its qualifiers set aside, and its values (two for a range)."""

    start: int
    end: int
    values: tuple[Fraction, ...]


Reader = Callable[[str], list[Found]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--show", type=int, default=0, help="disagreements to print of each class")
    parser.add_argument("--limit", type=int, default=None, help="lines to read")
    parser.add_argument("--peer", choices=("JioNLP", "Recognizers"), help="only this one")
    arguments = parser.parse_args()
    lines = arguments.data.read_text(encoding="utf-8").splitlines()[: arguments.limit]
    items = [json.loads(line) for line in lines]
    for kind, peers in _peers().items():
        for name, read in peers.items():
            if arguments.peer not in (None, name):
                continue
            _compare(items, kind, name, read, arguments.show)


def _compare(items: list[dict[str, Any]], kind: str, name: str, peer: Reader, shown: int) -> None:
    texts = [item["text"] for item in items]
    mine = _reader_of(kind)
    seconds = {"ours": float("inf"), name: float("inf")}
    found: dict[str, list[list[Found]]] = {}
    for _ in range(ROUNDS):
        for reader, read in (("ours", mine), (name, peer)):
            started = time.process_time()
            found[reader] = [read(text) for text in texts]
            seconds[reader] = min(seconds[reader], time.process_time() - started)
    characters = sum(map(len, texts))
    print(f"\n{kind}: ours reads everything, {name} its own kind")
    for reader, spent in seconds.items():
        ratio = seconds[name] / spent
        print(f"  {reader:14}{characters / spent:12,.0f} characters a CPU second {ratio:7.2f} x")
    if kind in KINDS.values() and all("quantities" in item for item in items):
        for reader, results in found.items():
            print(f"  {reader:14}{_score(items, results, kind)}")
    _print_classes(texts, found["ours"], found[name], shown)


def _print_classes(
    texts: list[str], ours: list[list[Found]], theirs: list[list[Found]], shown: int
) -> None:
    samples: dict[str, list[str]] = {each: [] for each in CLASSES}
    for text, mine, peer in zip(texts, ours, theirs, strict=True):
        for kind, span in _classes(mine, peer):
            around = f"{text[max(0, span.start - 10) : span.start]}[{text[span.start : span.end]}]"
            values = "..".join(str(value) for value in span.values)
            after = text[span.end : span.end + 8]
            samples[kind].append(f"{around}{after} {values}".replace("\n", " "))
    for kind, spans in samples.items():
        print(f"  {kind:16}{len(spans):7,}")
        if kind != "same":
            for sample in spans[:: max(1, len(spans) // max(shown, 1))][:shown]:
                print(f"      {sample}")


def _classes(mine: list[Found], peer: list[Found]) -> Iterable[tuple[str, Found]]:
    """Each span of ours with how the peer reads it, then what only the peer finds."""
    met: set[int] = set()
    for span in mine:
        touching = [i for i, each in enumerate(peer) if _overlap(span, each)]
        met.update(touching)
        if not touching:
            yield "only ours", span
        elif not any((peer[i].start, peer[i].end) == (span.start, span.end) for i in touching):
            yield "other span", span
        elif any(peer[i].values == span.values for i in touching):
            yield "same", span
        else:
            yield "other value", span
    yield from (("only the peer's", each) for i, each in enumerate(peer) if i not in met)


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _score(items: list[dict[str, Any]], results: list[list[Found]], kind: str) -> str:
    count: Counter[str] = Counter()
    for item, found in zip(items, results, strict=True):
        gold = {}
        for each in item["quantities"]:
            if KINDS.get(each["label"]) == kind:
                start, end = _core(item["text"], each["start"], each["end"])
                gold[start, end] = _gold_values(each["value"])
        ours = {(each.start, each.end): each.values for each in found}
        count["hit"] += len(gold.keys() & ours.keys())
        count["missed"] += len(gold.keys() - ours.keys())
        count["extra"] += len(ours.keys() - gold.keys())
        count["exact"] += sum(ours[span] == gold[span] for span in gold.keys() & ours.keys())
    hit = count["hit"]
    precision = hit / max(hit + count["extra"], 1)
    recall = hit / max(hit + count["missed"], 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  values {count['exact']}/{hit}"


def _gold_values(written: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(parse_number(each)) for each in written.split("..") if each != "-")


def _reader_of(kind: str) -> Reader:
    def read(text: str) -> list[Found]:
        return [_found(text, each) for each in find_quantities(text) if _is_kind(each, kind)]

    return read


def _is_kind(quantity: Quantity, kind: str) -> bool:
    if kind == "dimension":
        return quantity.label == "QUANTITY" and quantity.unit != quantity.unit_text
    return KINDS.get(quantity.label) == kind


def _found(text: str, quantity: Quantity) -> Found:
    values = (quantity.value,) if quantity.value is not None else (quantity.low, quantity.high)
    start, end = _core(text, quantity.start, quantity.end)
    return Found(start, end, tuple(Fraction(value) for value in values if value is not None))


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the qualifiers at its edges."""
    changed = True
    while changed:
        changed = False
        for word in _BEFORE:
            if text.startswith(word, start, end) and start + len(word) < end:
                start, changed = start + len(word), True
        for word in _AFTER:
            if text.endswith(word, start, end) and start + len(word) < end:
                end, changed = end - len(word), True
    return start, end


_BEFORE = tuple(row["text"] for row in rows("qualifiers.tsv") if row["side"] == "before")
_AFTER = tuple(row["text"] for row in rows("qualifiers.tsv") if row["side"] == "after")


def _peers() -> dict[str, dict[str, Reader]]:
    """The peers that are installed, by what they read. Raises SystemExit where none is."""
    readers: dict[str, dict[str, Reader]] = {"money": {}, "percent": {}, "dimension": {}}
    with contextlib.suppress(ImportError), contextlib.redirect_stdout(io.StringIO()):
        import jionlp  # type: ignore[import-not-found]

        readers["money"]["JioNLP"] = lambda text: _from_jionlp(text, jionlp.ner.extract_money(text))
    with contextlib.suppress(ImportError):
        from recognizers_number import (  # type: ignore[import-not-found]
            Culture,
            recognize_percentage,
        )
        from recognizers_number_with_unit import (  # type: ignore[import-not-found]
            recognize_currency,
            recognize_dimension,
        )

        for kind, recognize in (
            ("percent", recognize_percentage),
            ("money", recognize_currency),
            ("dimension", recognize_dimension),
        ):
            readers[kind]["Recognizers"] = _recognizer(recognize, Culture.Chinese)
    if not any(readers.values()):
        raise SystemExit(f"neither JioNLP nor Recognizers-Text is installed: {INSTALL}")
    return readers


def _recognizer(recognize: Callable[..., Any], culture: str) -> Reader:
    def read(text: str) -> list[Found]:
        found = []
        for each in recognize(text, culture):
            value = (each.resolution or {}).get("value")
            start, end = _core(text, each.start, each.end + 1)
            # A unit without a number is none of what is compared here.
            if value is not None:
                found.append(Found(start, end, (_rounded(str(value).rstrip("%")),)))
        return found

    return read


def _from_jionlp(text: str, entities: list[dict[str, Any]]) -> list[Found]:
    found = []
    for each in entities:
        start, end = _core(text, each["offset"][0], each["offset"][1])
        number = each["detail"]["num"]
        numbers = number if isinstance(number, list) else [number]
        found.append(Found(start, end, tuple(_rounded(str(value)) for value in numbers)))
    return found


def _rounded(written: str) -> Fraction:
    """A peer's float as the decimal that it prints as."""
    try:
        return Fraction(parse_number(written))
    except ValueError:
        return Fraction(0)


if __name__ == "__main__":
    main()
