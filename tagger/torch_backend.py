"""The network on a graphics card, or on anything else that torch runs on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tagger.decoding import Floats
from tagger.extras import needing
from tagger.features import Integers
from tagger.model import ModelConfig

# A card is idle on batches that fill a core; its memory holds this many characters many times.
_BATCH_CHARACTERS = 1 << 15


class TorchBackend:
    """See :class:`tagger.encoder.Backend`. Half precision on a card, single on a CPU.

    Scores may differ from ONNX Runtime's in the third decimal place: those round to 8 bits.
    Raises ModuleNotFoundError naming the extra, FileNotFoundError where the model folder has no
    weights for torch, and ValueError for a device that this machine has not.
    """

    def __init__(self, folder: Path, device: str) -> None:
        with needing("torch", f"device {device!r}"):
            import torch
            import transformers  # noqa: F401

            from tagger.network import build, read_weights
        try:
            self._device = torch.device(device)
            torch.zeros(1, device=self._device)
        except (RuntimeError, AssertionError) as error:
            raise ValueError(
                f"device {device!r} cannot be used here ({error}); use cpu, or another"
            ) from error
        self.threads = 1
        self.batches = True
        self.batch_characters = _BATCH_CHARACTERS
        network = build(ModelConfig.load(folder), folder)
        network.load_state_dict(read_weights(folder))
        self._network = network.eval().to(self._device)

    def __call__(self, inputs: dict[str, Integers]) -> Sequence[Floats]:
        """See :class:`tagger.encoder.Backend`."""
        import torch

        tensors = {name: torch.from_numpy(each).to(self._device) for name, each in inputs.items()}
        half = self._device.type == "cuda"
        with torch.inference_mode(), torch.autocast(self._device.type, enabled=half):
            outputs = self._network(**tensors)
        return [output.float().cpu().numpy() for output in outputs]
