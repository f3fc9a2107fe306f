"""Long runs: cost and memory as the input grows, and runs that are killed, starved and fed poison.

    python -m tests.benchmarks.soak [texts.jsonl]

The results go to RESULTS.md. Needs Linux for what it reads in /proc, and root for the full disk.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import tagger
from tagger.batch import open_runner
from tagger.document import Document
from tagger.encoder import usable_cores
from tagger.interruption import Interruption
from tagger.journal import Journal
from tagger.tagging import fill
from tagger.units import cut_units, encode
from tagger.writers.compression import NO_COMPRESSION
from tests.benchmarks.batch import GOLD, read_articles
from tests.benchmarks.results import machine, table, write_section
from tests.process_tree import descendants, memory, workers

SIZES = (100, 1_000, 5_000)
KILLS = 50
WORKER_KILLS = 10
KILLED_ARTICLES = 600
HOSTILE_SHARE = 0.05
MODEL = "fast"


def main() -> None:
    """Runs both parts, or the one that is named, prints and writes them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path, nargs="?", default=GOLD)
    parser.add_argument("--part", choices=("growth", "faults"))
    arguments = parser.parse_args()
    articles = read_articles(arguments.texts)
    if arguments.part != "faults":
        head = (
            "model",
            "articles",
            "characters/s",
            "largest worker",
            "of it not shared",
            "all processes, what they share counted once",
        )
        rows = [row for model in ("default", MODEL) for row in _growth(articles, model)]
        _tell("Growth", f"Cache off, a worker a core. {machine()}\n\n{table(head, rows)}")
    if arguments.part != "growth":
        checks = (_killed_runs, _killed_workers, _hostile_articles, _full_disk)
        lines = [f"- {check(articles)}" for check in checks]
        _tell("Faults", f"`--model {MODEL}`. {machine()}\n\n" + "\n".join(lines))


def _tell(title: str, body: str) -> None:
    print(body, flush=True)
    write_section(title, body)


def _growth(articles: list[str], model: str) -> Iterator[tuple[str, ...]]:
    """Characters a second and memory at growing numbers of articles, with the cache off."""
    load = partial(tagger.load, model, cached_windows=0, threads=1)
    for size in SIZES:
        texts = islice(cycle(articles), size)
        documents = (Document(text, id=f"a{number}") for number, text in enumerate(texts))
        characters = sum(len(text) for text in islice(cycle(articles), size))
        with (
            tempfile.TemporaryDirectory() as folder,
            open_runner(load, usable_cores(), encode) as runner,
            Journal(Path(folder) / "journal", {}, NO_COMPRESSION) as journal,
            _Memory() as held,
        ):
            for worker in [runner.submit([Document("预热。")]) for _ in range(usable_cores())]:
                worker.result()
            started = time.perf_counter()
            fill(
                journal,
                cut_units(documents),
                runner,
                Interruption(),
                stop_at_error=False,
                after_each=lambda entry, new: None,
            )
            passed = time.perf_counter() - started
        yield (
            f"`{model}`",
            f"{size:,}",
            f"{characters / passed:,.0f}",
            f"{held.resident >> 20} MiB",
            f"{held.own >> 20} MiB",
            f"{held.together >> 20} MiB",
        )


class _Memory:
    """Watches this process's workers: the most that one of them held, and that all processes below
    this one held together, in bytes."""

    def __init__(self) -> None:
        self.resident = self.own = self.together = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Memory:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.5):
            try:
                held = {each: memory(each) for each in descendants(os.getpid())}
                tagging = [held[each] for each in workers(os.getpid()) if each in held]
            except OSError:  # one has just ended
                continue
            self.resident = max([self.resident, *(each.resident for each in tagging)])
            self.own = max([self.own, *(each.private for each in tagging)])
            self.together = max(self.together, sum(each.proportional for each in held.values()))


class _Corpus:
    """A file of articles in a folder of its own, and its output from an undisturbed run."""

    def __init__(self, folder: Path, lines: list[bytes]) -> None:
        self.path = folder / "corpus.jsonl"
        self.path.write_bytes(b"\n".join(lines) + b"\n")
        self.output = folder / "out.jsonl"
        self.undisturbed = folder / "undisturbed.jsonl"
        self.run(self.undisturbed).wait()

    def run(self, output: Path, *extra: str) -> subprocess.Popen[bytes]:
        """Starts a run."""
        command = ["tag", self.path, "-o", output, "--model", MODEL, "--quiet", *extra]
        return subprocess.Popen(
            [sys.executable, "-m", "tagger", *map(str, command)], stderr=subprocess.DEVNULL
        )

    def is_the_same(self) -> bool:
        """Whether the output and the errors are those of the undisturbed run."""
        errors = [
            path.with_name(f"{path.name}.errors.jsonl") for path in (self.output, self.undisturbed)
        ]
        pairs = [(self.output, self.undisturbed)]
        if errors[1].exists():
            pairs.append((errors[0], errors[1]))
        return all(one.read_bytes() == other.read_bytes() for one, other in pairs)


def _records(articles: list[str], count: int) -> list[bytes]:
    return [
        json.dumps({"id": f"a{number}", "text": f"第{number}篇。{text}"}).encode()
        for number, text in enumerate(islice(cycle(articles), count))
    ]


def _killed_runs(articles: list[str]) -> str:
    chance = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        corpus = _Corpus(Path(folder), _records(articles, KILLED_ARTICLES))
        kills = finished = same = 0
        while kills < KILLS:
            with corpus.run(corpus.output, "--resume") as process:
                try:
                    process.wait(timeout=chance.uniform(0.5, 8))
                except subprocess.TimeoutExpired:
                    process.kill()
                    kills += 1
                    continue
            finished += 1
            same += corpus.is_the_same()
            corpus.output.unlink()
        corpus.run(corpus.output, "--resume").wait()
        finished += 1
        same += corpus.is_the_same()
    return (
        f"{kills} SIGKILLs at random moments: {same} of {finished} finished runs have the bytes of "
        "an undisturbed one."
    )


def _killed_workers(articles: list[str]) -> str:
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        corpus = _Corpus(Path(folder), _records(articles, KILLED_ARTICLES))
        kills = runs = same = 0
        while kills < WORKER_KILLS:
            with corpus.run(corpus.output, "--jobs", "2") as process:
                for _ in range(2):
                    time.sleep(chance.uniform(3, 6))
                    living = workers(process.pid)
                    if len(living) > 1:  # the tagger is loaded
                        os.kill(chance.choice(living), signal.SIGKILL)
                        kills += 1
            runs += 1
            same += corpus.is_the_same()
    return (
        f"{kills} workers killed in {runs} runs: {same} of {runs} outputs have the bytes of an "
        "undisturbed run."
    )


def _hostile_articles(articles: list[str]) -> str:
    chance = random.Random(11)
    poison = [
        b"{malformed",
        b"\xff\xfe\x00broken bytes",
        b'{"text": 7}',
        b'{"text": ""}',
        b'{"text": "' + b"[" * 2000 + b'"}',
        b'{"id": "x", "text": "\\ud800\xe5\xad\xa4\xe7\xab\x8b"}',
        json.dumps({"text": "一" * 100_000}).encode(),
        json.dumps({"text": "\u0000\u202e\ufeff" * 200}).encode(),
        json.dumps({"text": "。" * 20_000}).encode(),
        json.dumps({"text": "3.5" * 20_000}).encode(),
        b"[" * 100_000,
    ]
    lines = _records(articles, 400)
    for place in range(len(lines)):
        if chance.random() < HOSTILE_SHARE:
            lines[place] = chance.choice(poison)
    with tempfile.TemporaryDirectory() as folder:
        corpus = _Corpus(Path(folder), lines)
        written = corpus.undisturbed.read_bytes().count(b"\n")
        listed = corpus.undisturbed.with_name("undisturbed.jsonl.errors.jsonl")
        failed = listed.read_bytes().count(b"\n") if listed.exists() else 0
    return (
        f"{len(lines)} records, {HOSTILE_SHARE:.0%} of them hostile: {written} in the output, "
        f"{failed} in the errors, {len(lines) - written - failed} lost."
    )


def _full_disk(articles: list[str]) -> str:
    if os.geteuid() != 0 or not shutil.which("mount"):
        return "Full disk: not run, only root can mount a small file system."
    with tempfile.TemporaryDirectory() as folder:
        corpus = _Corpus(Path(folder), _records(articles, KILLED_ARTICLES))
        small = Path(folder) / "small"
        small.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(small)]
        if subprocess.run(mount, check=False).returncode != 0:
            return "Full disk: not run, mounts are not allowed here."
        corpus.output = small / "out.jsonl"
        try:
            first = corpus.run(corpus.output).wait()
            early = corpus.output.exists()
            subprocess.run(["mount", "-o", "remount,size=64m", str(small)], check=True)
            second = corpus.run(corpus.output, "--resume").wait()
            same = corpus.is_the_same()
        finally:
            subprocess.run(["umount", str(small)], check=True)
    return (
        f"A disk of 512 KiB: exit status {first}, {'an' if early else 'no'} output; with room made "
        f"and --resume status {second}, {'the' if same else 'other'} bytes of an undisturbed run."
    )


if __name__ == "__main__":
    main()
