"""Runs the network over windows in batches of like length; ONNX Runtime on the CPU by default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from tagger.decoding import Floats, Scores
from tagger.features import Features, Integers, collate
from tagger.model import ONNX_FILE

# Characters of one batch, padding included: large enough to keep the cores busy, small enough
# that its activations stay in the tens of megabytes.
BATCH_CHARACTERS = 4096

INPUTS = ("piece_ids", "piece_mask", "character_ids", "piece_of_character", "place_in_piece")


class Backend(Protocol):
    """Anything that maps the inputs of :func:`tagger.features.collate` to the five score arrays."""

    def __call__(self, inputs: dict[str, Integers]) -> Sequence[Floats]:
        """Arrays in the order of :class:`tagger.decoding.Scores`, [batch, characters, ...]."""
        ...


class OnnxBackend:
    """The default backend; safe to share between threads."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        import onnxruntime

        path = folder / ONNX_FILE
        if not path.is_file():
            raise FileNotFoundError(
                f"{folder} has no {ONNX_FILE}; make it with "
                f"`python -m training.export --model {folder}`"
            )
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if threads:
            options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            str(path),
            options,
            providers=["CPUExecutionProvider"],
            # The fused operator takes four times as long as a sum and a normalisation.
            disabled_optimizers=["SkipLayerNormFusion"],
        )

    def __call__(self, inputs: dict[str, Integers]) -> Sequence[Floats]:
        """See :class:`Backend`."""
        scores: Sequence[Floats] = self._session.run(None, inputs)
        return scores


def score_windows(
    features: Sequence[Features], backend: Backend, pad_piece: int
) -> Iterator[tuple[int, Scores]]:
    """Yields every window's index and raw scores without padding, the shortest window first.

    A character's scores take some four kilobytes: use them up before you ask for the next.
    """
    for indexes in _batches(features):
        outputs = backend(collate([features[index] for index in indexes], pad_piece))
        for row, index in enumerate(indexes):
            length = len(features[index].character_ids)
            yield index, Scores(*(output[row, :length] for output in outputs))


def _batches(features: Sequence[Features]) -> Iterator[list[int]]:
    batch: list[int] = []
    for index in sorted(range(len(features)), key=lambda each: _length(features[each])):
        if batch and (len(batch) + 1) * _length(features[index]) > BATCH_CHARACTERS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _length(features: Features) -> int:
    return len(features.character_ids)
