"""``tagger serve`` on this machine's loopback beside the batch path, in one run of under a minute.

    python -m tests.benchmarks.serve [--seconds 50] [--clients 64] [-- options of tagger serve]

Closed loop: so many clients, each of which sends its next article when the last one is answered.
The batch path reads one half of the articles before the server reads both and the other half after
it, so that what else the machine does weighs on both. Throughput is compared with that of
``tagger.batch``, p99 with the time that the batch path takes for as many articles as there are
clients, and the CPU time of both processes, which says most where the machine has other things to
do. Open loop: articles arrive by chance (exponential gaps) at a share of what the batch path can
do, whether or not others were answered; p99 is compared with that of a queue which takes no time
but what the batch path takes for units of the sizes that come about. At twice the capacity, every
answer must be 200 or 429, or the status is 1. Run it under ``nice`` as a whole.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles

import numpy

import tagger
from tagger.batch import Batch, open_batch
from tagger.document import Document
from tagger.readers import read
from tagger.units import UNIT_ARTICLES, cut_units

DATA = Path(__file__).parents[2] / "data"
# As the command, but without memory of the articles of earlier rounds.
SERVER = """
from functools import partial
import typer
from tagger import cli_options, load
from tagger.commands.serve import serve
cli_options.tagger_loader = lambda *_: partial(load, cached_windows=0)
typer.run(serve)
"""
MOST_REQUESTS = 2_000
UNIT_SIZES = (1, 2, 4, 8, 16, 32)


@dataclass
class Answers:
    """What clients saw: seconds of every 200, the count of every status, seconds in all."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, status: int, seconds: float) -> None:
        self.statuses[status] += 1
        if status == 200:
            self.latencies.append(seconds)

    def __str__(self) -> str:
        statuses = ", ".join(f"{count} x {status}" for status, count in self.statuses.items())
        return (
            f"{statuses}; p50 {median(self.latencies):.3f} s, p99 {p99(self.latencies):.3f} s, "
            f"{self.statuses[200] / self.seconds:.1f} articles/s"
        )


def main() -> None:
    """Prints the figures and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=50, help="for all three parts")
    parser.add_argument("--clients", type=int, default=2 * UNIT_ARTICLES)
    parser.add_argument("options", nargs="*", help="of tagger serve")
    arguments = parser.parse_args()
    articles = _articles()
    characters = sum(len(article.text) for article in articles)
    print(f"{len(articles)} articles, {characters:,} characters, {arguments.clients} clients")
    # A queue that holds the clients of the closed loop, and is soon full at twice the capacity.
    queue = 2 * arguments.clients * max(characters // len(articles), 64)
    options = ["--queue", str(queue), "--max-characters", str(queue), "--timeout", "600"]
    options += arguments.options
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the server must not outlive this
    with _server(options) as port, open_batch(partial(tagger.load, cached_windows=0)) as batch:
        list(batch(articles[:UNIT_ARTICLES]))
        rate = _closed_loop(port, batch, articles, arguments.clients, arguments.seconds / 2)
        well = _open_loop(port, batch, articles, rate, arguments.seconds / 5)
    raise SystemExit(0 if well else 1)


def _closed_loop(
    port: int, batch: Batch, articles: Sequence[Document], clients: int, seconds: float
) -> float:
    """Prints the comparison; returns the articles a second of the batch path, at its median."""
    throughput: list[float] = []
    latency: list[float] = []
    cpu: list[float] = []
    rates: list[float] = []
    stop = time.perf_counter() + seconds
    while time.perf_counter() < stop or not throughput:
        chosen = random.Random(len(rates)).sample(articles, min(len(articles), 2 * clients))
        first, second = chosen[: len(chosen) // 2], chosen[len(chosen) // 2 :]
        units, batch_cpu = _batch_seconds(batch, first)
        before = _figures(port)
        served = asyncio.run(_closed(port, chosen, clients))
        spent = {name: value - before[name] for name, value in _figures(port).items()}
        more_units, more_cpu = _batch_seconds(batch, second)
        units, batch_cpu = units + more_units, batch_cpu + more_cpu
        assert set(served.statuses) == {200}, served.statuses
        rates.append(len(chosen) / sum(units))
        throughput.append(sum(units) / served.seconds)
        latency.append(p99(served.latencies) / p99(_windows(units, clients)))
        cpu.append(spent["process_cpu_seconds_total"] / batch_cpu)
        busy = spent["tagger_model_seconds_total"] / served.seconds
        print(
            f"closed loop: batch path {rates[-1]:.1f} articles/s; server {served}; its model at "
            f"work {busy:.0%} of the time"
        )
    print(
        f"closed loop, median of {len(rates)} rounds: throughput {median(throughput):.2f} of the "
        f"batch path, p99 {median(latency):.2f} of its time for {clients} articles, CPU time "
        f"{median(cpu):.2f} of its own"
    )
    return median(rates)


def _open_loop(
    port: int, batch: Batch, articles: Sequence[Document], rate: float, seconds: float
) -> bool:
    """Prints both comparisons; returns whether all answers were among those allowed."""
    cost = _unit_cost(batch, articles)
    answers, due, characters = _arrivals(port, articles, rate / 2, seconds)
    ideal = p99(_ideal(due, characters, cost))
    print(
        f"open loop at 50% of {rate:.1f} articles/s: {answers}\n"
        f"    p99 {p99(answers.latencies) / ideal:.2f} of a queue without costs ({ideal:.3f} s)"
    )
    well = set(answers.statuses) == {200}
    # What the machine has to spare changes by the second: on until something is refused.
    for factor in (2, 4, 8):
        answers, _, _ = _arrivals(port, articles, factor * rate, seconds)
        print(f"open loop at {factor:.0%} of {rate:.1f} articles/s: {answers}")
        well = well and set(answers.statuses) <= {200, 429}
        if answers.statuses[429]:
            break
    return well


def _arrivals(
    port: int, articles: Sequence[Document], rate: float, seconds: float
) -> tuple[Answers, list[float], list[int]]:
    """What came of articles that arrived by chance, when they were due, and their characters."""
    chance = random.Random(0)
    count = min(max(int(rate * seconds), 1), MOST_REQUESTS)
    due = list(accumulate(chance.expovariate(rate) for _ in range(count)))
    chosen = chance.choices(articles, k=count)
    return asyncio.run(_open(port, chosen, due)), due, [len(each.text) for each in chosen]


def _articles() -> list[Document]:
    lines = (DATA / "gold" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    samples = [each for each in read([str(DATA / "samples")]) if isinstance(each, Document)]
    return [Document(json.loads(line)["text"]) for line in lines] + [
        Document(each.text) for each in samples
    ]


@contextmanager
def _server(options: Sequence[str]) -> Iterator[int]:
    command = [sys.executable, "-c", SERVER, "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        port = 0
        for line in process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                port = int(found[1])
            if "Model loaded" in line:
                break
        try:
            yield port
        finally:
            process.terminate()
            process.communicate()


def _batch_seconds(
    batch: Batch, articles: Sequence[Document], size: int = UNIT_ARTICLES
) -> tuple[list[float], float]:
    """The time of every unit of work, and the CPU time of them all."""
    seconds = []
    cpu = time.process_time()
    for unit in cut_units(articles, size):
        started = time.perf_counter()
        list(batch(unit))
        seconds.append(time.perf_counter() - started)
    return seconds, time.process_time() - cpu


def _windows(units: Sequence[float], clients: int) -> list[float]:
    """The time of as many units as hold so many articles, from every unit on."""
    width = max(1, round(clients / UNIT_ARTICLES))
    return [sum(units[start : start + width]) for start in range(len(units) - width + 1)]


async def _closed(port: int, articles: Sequence[Document], clients: int) -> Answers:
    answers, waiting = Answers(), iter(articles)

    async def client() -> None:
        connection = await asyncio.open_connection("127.0.0.1", port)
        for article in waiting:
            started = time.perf_counter()
            status, _ = await _ask(connection, _post(article))
            answers.add(status, time.perf_counter() - started)
        connection[1].close()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    answers.seconds = time.perf_counter() - started
    return answers


async def _open(port: int, articles: Sequence[Document], due: Sequence[float]) -> Answers:
    answers = Answers()
    idle: list[Connection] = []

    async def send(article: Document, at: float) -> None:
        connection = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port)
        status, _ = await _ask(connection, _post(article))
        answers.add(status, time.perf_counter() - at)
        idle.append(connection)

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for article, after in zip(articles, due, strict=True):
            await asyncio.sleep(started + after - time.perf_counter())
            group.create_task(send(article, started + after))
    answers.seconds = time.perf_counter() - started
    for _, writer in idle:
        writer.close()
    return answers


def _unit_cost(batch: Batch, articles: Sequence[Document]) -> Callable[[int], float]:
    """The batch path's seconds for a unit of so many characters: a line through measured ones."""
    characters, seconds = [], []
    for size in UNIT_SIZES:
        chosen = random.Random(size).sample(articles, max(size, 8))
        characters += [
            sum(len(each.text) for each in chosen[first : first + size])
            for first in range(0, len(chosen), size)
        ]
        seconds += _batch_seconds(batch, chosen, size)[0]
    slope, start = (float(each) for each in numpy.polyfit(characters, seconds, 1))
    return lambda count: start + slope * count


def _ideal(
    due: Sequence[float], characters: Sequence[int], cost: Callable[[int], float]
) -> list[float]:
    """Latencies where whatever waits is tagged at once, in the batch path's time."""
    latencies: list[float] = []
    free = 0.0
    while len(latencies) < len(due):
        first = len(latencies)
        start = max(free, due[first])
        unit = [each for each in due[first : first + UNIT_ARTICLES] if each <= start]
        free = start + cost(sum(characters[first : first + len(unit)]))
        latencies += [free - each for each in unit]
    return latencies


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _ask(connection: Connection, request: bytes) -> tuple[int, bytes]:
    reader, writer = connection
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return int(head[9:12]), await reader.readexactly(int(length[1]) if length else 0)


def _post(article: Document) -> bytes:
    body = json.dumps({"text": article.text}).encode()
    return (
        b"POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    )


def _figures(port: int) -> dict[str, float]:
    """The metrics of the server that have no labels."""

    async def ask() -> bytes:
        connection = await asyncio.open_connection("127.0.0.1", port)
        _, body = await _ask(connection, b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection[1].close()
        return body

    lines = re.findall(r"^(\w+) (\S+)$", asyncio.run(ask()).decode(), re.MULTILINE)
    return {name: float(value) for name, value in lines}


def p99(values: Sequence[float]) -> float:
    """The 99th percentile; the largest of a few values."""
    return quantiles(values, n=100)[-1] if len(values) >= 100 else max(values)


if __name__ == "__main__":
    main()
