"""How fast the tagger and its stages read, beside jieba's part-of-speech tagger, in one run.

``python -m tests.benchmarks.speed [texts.jsonl]``; without a file, the paragraphs of ``data/gold``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

GOLD = Path(__file__).parents[2] / "data" / "gold" / "gold.jsonl"
ROUNDS = 3


def main() -> None:
    """Prints the best of three rounds: characters a second, and the ratio to jieba.posseg."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLD
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    characters = sum(map(len, texts))
    speeds = {name: characters / _seconds(read, texts) for name, read in _readers().items()}
    print(f"{len(texts):,} paragraphs, {characters:,} characters, best of {ROUNDS} rounds")
    for name, speed in speeds.items():
        print(
            f"{name:22} {speed:12,.0f} characters/s {speed / speeds['jieba.posseg']:8.2f} x posseg"
        )


def _readers() -> dict[str, Callable[[Sequence[str]], object]]:
    import jieba.posseg

    import tagger

    started = time.perf_counter()
    nlp = tagger.load()
    nlp("星海矿业减持512个比特币。")
    print(f"load and first sentence: {time.perf_counter() - started:.2f} s")
    without_model = tagger.load(disable=["entities", "events"])
    jieba.initialize()
    return {
        "tagger": lambda texts: list(nlp.pipe(texts)),
        "tagger, no model": lambda texts: list(without_model.pipe(texts)),
        "find_quantities": lambda texts: [tagger.find_quantities(text) for text in texts],
        "jieba.posseg": lambda texts: [jieba.posseg.lcut(text) for text in texts],
    }


def _seconds(read: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        read(texts)
        best = min(best, time.perf_counter() - started)
    return best


if __name__ == "__main__":
    main()
