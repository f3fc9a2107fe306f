"""Runs the network over windows, batches at a time on every core; ONNX Runtime by default.

A window's scores depend on nothing but the window: it is padded to lengths that follow from its
own, shares a batch only with windows of the same lengths, and 8-bit scales are fixed. So records
do not change with the size of batches, the number of workers or the order of articles.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from tagger.decoding import Floats, Scores
from tagger.features import Features, Integers, collate, rounded_up
from tagger.model import ONNX_FILE, ModelConfig

# Characters of one batch, padding included: enough to be worth a call, and little enough that
# activations stay in a core's cache. On two cores, 4,096 took a quarter longer.
BATCH_CHARACTERS = 1024
# The lengths of a window, in pieces and in characters, are rounded up to multiples of this.
LENGTH_MULTIPLE = 16

_INPUTS = ("piece_ids", "piece_mask", "character_ids", "piece_of_character", "place_in_piece")

# What the graph says of itself where its scales are fixed; see training.graph.
FIXED_SCALES = "fixed_scales"

T = TypeVar("T")


def inputs_of(config: ModelConfig) -> tuple[str, ...]:
    """The names of a model's inputs, in the order of :func:`tagger.features.collate`."""
    return (*_INPUTS, "known_names") if config.known_names else _INPUTS


class Backend(Protocol):
    """Anything that maps the inputs of :func:`tagger.features.collate` to the five score arrays.

    It is called from ``threads`` threads at a time, with about ``batch_characters`` characters,
    padding included. ``batches`` says whether windows of the same lengths may share a call without
    a change in their scores.
    """

    threads: int
    batches: bool
    batch_characters: int

    def __call__(self, inputs: dict[str, Integers]) -> Sequence[Floats]:
        """Arrays in the order of :class:`tagger.decoding.Scores`, [batch, characters, ...]."""
        ...


class OnnxBackend:
    """The default backend; safe to share between threads.

    Each call runs on one core, and ``threads`` calls run at a time (None: one a core that this
    process may use): cores that work on a batch each wait less than cores that share one.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        # Or ONNX Runtime reports to its maker how it is used, from a thread of its own.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime

        path = folder / ONNX_FILE
        if not path.is_file():
            raise FileNotFoundError(
                f"{folder} has no {ONNX_FILE}; make it with "
                f"`python -m training.export --model {folder}`"
            )
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(path),
            options,
            providers=["CPUExecutionProvider"],
            # The fused operator takes four times as long as a sum and a normalisation.
            disabled_optimizers=["SkipLayerNormFusion"],
        )
        self.threads = threads or usable_cores()
        self.batch_characters = BATCH_CHARACTERS
        self.batches = FIXED_SCALES in self._session.get_modelmeta().custom_metadata_map

    def __call__(self, inputs: dict[str, Integers]) -> Sequence[Floats]:
        """See :class:`Backend`."""
        scores: Sequence[Floats] = self._session.run(None, inputs)
        return scores


def score_windows(
    features: Sequence[Features],
    backend: Backend,
    pad_piece: int,
    use: Callable[[int, Scores], T],
) -> Iterator[T]:
    """Yields what ``use`` makes of every window's index and raw scores, in no particular order.

    ``use`` is called from several threads. A character's scores take some four kilobytes: it
    should keep none of them.
    """

    def run(indexes: list[int]) -> list[T]:
        batch = [features[index] for index in indexes]
        outputs = backend(collate(batch, pad_piece, LENGTH_MULTIPLE))
        lengths = [len(each.character_ids) for each in batch]
        return [
            use(index, Scores(*(output[row, : lengths[row]] for output in outputs)))
            for row, index in enumerate(indexes)
        ]

    batches = _batches(features, backend)
    if len(batches) < 2 or backend.threads == 1:
        for indexes in batches:
            yield from run(indexes)
        return
    # Threads do not outlive the call: a process that forks later would lose them.
    with ThreadPoolExecutor(min(backend.threads, len(batches))) as pool:
        for results in pool.map(run, batches):
            yield from results


def usable_cores() -> int:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _batches(features: Sequence[Features], backend: Backend) -> list[list[int]]:
    """Indexes of windows of the same padded lengths, the longest first, so that no core is left
    with a long one at the end."""
    alike: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for index, each in enumerate(features):
        alike[_padded(len(each.character_ids)), _padded(len(each.piece_ids))].append(index)
    batches = []
    for lengths, indexes in sorted(alike.items(), reverse=True):
        size = max(1, backend.batch_characters // lengths[0]) if backend.batches else 1
        batches += [indexes[start : start + size] for start in range(0, len(indexes), size)]
    return batches


def _padded(length: int) -> int:
    return rounded_up(length, LENGTH_MULTIPLE)
