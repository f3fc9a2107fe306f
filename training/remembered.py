"""What a network that does not learn says of windows that come back every epoch."""

from __future__ import annotations

import struct
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import torch
from torch import Tensor

from tagger.features import PAD_CHARACTER

_DIGEST_BYTES = 16
# Before the states of a window stand its digest and its number of characters.
_HEADER = struct.Struct(f"<{_DIGEST_BYTES}sI")
_PIECES = ("piece_ids", "piece_mask")


class RememberedStates:
    """Computes the states of every window once and keeps them in a file.

    The file grows by two bytes a number, 0.8 GB for a million characters of 384 numbers. It stays
    when a run stops, so that one that goes on reads the same numbers and not those of a window
    that was padded otherwise. What an interrupted run had not written whole is computed again.
    """

    def __init__(
        self, path: Path, compute: Callable[..., Tensor], size: int, model: bytes = b""
    ) -> None:
        """``compute`` gives the states [windows, characters, ``size``] of a model's inputs, and
        ``model``, at most 64 bytes, tells that model from others that wrote to the same file.
        """
        self._compute = compute
        self._model = model
        self._size = size
        self._places: dict[bytes, tuple[int, int]] = {}
        self._file = path.open("a+b")
        self._path = path
        self._read_places()

    def __call__(self, inputs: dict[str, Tensor]) -> Tensor:
        """States [windows, characters, size] of padded inputs; 0 where they are padded."""
        lengths = (inputs["character_ids"] != PAD_CHARACTER).sum(1).tolist()
        pieces = inputs["piece_mask"].sum(1).tolist()
        digests = [
            _digest(self._model, inputs, row, *each)
            for row, each in enumerate(zip(pieces, lengths, strict=True))
        ]
        new = [row for row, digest in enumerate(digests) if digest not in self._places]
        if new:
            found = self._compute(**{name: each[new] for name, each in inputs.items()})
            for row, states in zip(new, found.to(torch.float16), strict=True):
                self._add(digests[row], states[: lengths[row]])
            self._file.flush()
        states = torch.zeros((*inputs["character_ids"].shape, self._size))
        for row, digest in enumerate(digests):
            if lengths[row]:
                states[row, : lengths[row]] = self._get(digest)
        return states

    def clear(self) -> None:
        """Removes the file."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _add(self, digest: bytes, states: Tensor) -> None:
        if digest in self._places:
            return
        self._file.write(_HEADER.pack(digest, len(states)))
        self._places[digest] = self._file.tell(), len(states)
        self._file.write(states.contiguous().numpy().tobytes())

    def _get(self, digest: bytes) -> Tensor:
        start, characters = self._places[digest]
        self._file.seek(start)
        numbers = bytearray(self._file.read(2 * characters * self._size))
        self._file.seek(0, 2)
        return torch.frombuffer(numbers, dtype=torch.float16).view(characters, self._size)

    def _read_places(self) -> None:
        end, place = self._file.seek(0, 2), 0
        while place + _HEADER.size <= end:
            self._file.seek(place)
            digest, characters = _HEADER.unpack(self._file.read(_HEADER.size))
            start = place + _HEADER.size
            if start + 2 * characters * self._size > end:
                break
            self._places[digest] = start, characters
            place = start + 2 * characters * self._size
        self._file.truncate(place)
        self._file.seek(place)


def _digest(
    model: bytes, inputs: dict[str, Tensor], row: int, pieces: int, characters: int
) -> bytes:
    """Tells windows of a model apart by all that it reads of them but the padding."""
    digest = blake2b(digest_size=_DIGEST_BYTES, key=model)
    for name in sorted(inputs):
        numbers = inputs[name][row, : pieces if name in _PIECES else characters]
        digest.update(numbers.numpy().tobytes())
    return digest.digest()
