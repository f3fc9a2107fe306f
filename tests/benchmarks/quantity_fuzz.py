"""Throws made-up texts at the rules layer, and a megabyte of one pattern at a time.

    python -m tests.benchmarks.quantity_fuzz --seconds 60 [--seed 1] [texts.jsonl]

Texts are strung together from numerals, units, dates and signs; where a file is given, its texts
are cut and crossed with such pieces too. Prints the first text that raises, overlaps or does not
match its spans, and leaves with status 1; then the CPU seconds for each pattern.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

from tagger.document import format_number
from tagger.numerals import find_quantities
from tagger.numerals.tables import rows

REFERENCES = (
    None,
    date.min,
    date.max,
    date(2022, 1, 15),
    datetime(2024, 2, 29, 23, 59, tzinfo=timezone(timedelta(hours=8))),
)
TABLES = ("units.tsv", "counters.tsv", "currencies.tsv", "percent.tsv", "qualifiers.tsv")
TABLES += ("date_words.tsv", "durations.tsv", "holidays.tsv", "multiples.tsv", "coins.tsv")
SIGNS = "0123456789０９一二两三四五六七八九十百千万亿半几数零〇壹廿第每又点负年月日号时分秒"
SIGNS += "-—~～+,.，。:：/%^*()（） \n"
PATTERNS = ("9", "年", "(", "一", ",", "1万", "单位：万元", '"百分之"', "百分之", "0.", "亿", "第")
SIZE = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    texts = _texts(arguments.data)
    pieces = [row["text"] for name in TABLES for row in rows(name) if row.get("text")]
    started, count = time.monotonic(), 0
    while time.monotonic() - started < arguments.seconds:
        text = _made_up(chance, pieces, texts)
        _check(text, chance)
        count += 1
    print(f"{count:,} texts, none of them raised and every span matched")
    for pattern in PATTERNS:
        text = pattern * (SIZE // len(pattern))
        before = time.process_time()
        found = find_quantities(text)
        print(f"{pattern:12}{time.process_time() - before:8.2f} s {len(found):9,} quantities")


def _texts(path: Path | None) -> list[str]:
    if path is None:
        return []
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def _made_up(chance: random.Random, pieces: list[str], texts: list[str]) -> str:
    parts = []
    for _ in range(chance.randint(1, 12)):
        kind = chance.random()
        if kind < 0.4:
            parts.append("".join(chance.choices(SIGNS, k=chance.randint(1, 6))))
        elif kind < 0.85 or not texts:
            parts.append(chance.choice(pieces))
        else:
            text = chance.choice(texts)
            start = chance.randrange(max(len(text), 1))
            parts.append(text[start : start + chance.randint(1, 30)])
    return "".join(parts)


def _check(text: str, chance: random.Random) -> None:
    reference = chance.choice(REFERENCES)
    currency = chance.choice((None, None, "HKD"))
    try:
        found = find_quantities(text, reference, currency)
        for each in found:
            assert text[each.start : each.end] == each.text, each
            assert each.text, each
            for value in (each.value, each.low, each.high):
                assert value is None or "e" not in format_number(value).lower(), each
        assert all(left.end <= right.start for left, right in pairwise(found)), found
    except Exception:
        print(f"find_quantities({text!r}, {reference!r}, {currency!r})")
        raise


if __name__ == "__main__":
    main()
