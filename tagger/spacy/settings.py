"""The settings of the component, and the files of the user's own that they name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from tagger.model import (
    CHARACTERS_FILE,
    CONFIG_FILE,
    ONNX_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
)
from tagger.pipeline import Tagger, load

_MODEL = "model"
_LEXICON = "lexicon.tsv"
_MODEL_FILES = (CONFIG_FILE, TOKENIZER_FILE, CHARACTERS_FILE, ONNX_FILE)

FILES = (*(f"{_MODEL}/{name}" for name in (*_MODEL_FILES, WEIGHTS_FILE)), _LEXICON)
"""Every file that a saved component may consist of, relative to its folder."""


@dataclass(frozen=True)
class Settings:
    """What :func:`tagger.load` is to be called with; each field is as explained there."""

    model: str = "default"
    lexicon: str | None = None
    labels: tuple[str, ...] | None = None
    min_score: float = 0.0
    disable: tuple[str, ...] = ()
    threads: int | None = None
    device: str = "cpu"

    def load(self) -> Tagger:
        """Raises what :func:`tagger.load` raises."""
        return load(
            self.model,
            lexicon=self.lexicon,
            disable=self.disable,
            labels=self.labels,
            min_score=self.min_score,
            threads=self.threads,
            device=self.device,
        )

    def files(self) -> dict[str, Path]:
        """The files that another machine lacks, by their name in :data:`FILES`.

        A shipped model goes by its name, and so has none.
        """
        found: dict[str, Path] = {}
        if (Path(self.model) / CONFIG_FILE).is_file():
            # Only torch reads the weights; the CPU makes do with the ONNX file.
            names = _MODEL_FILES if self.device == "cpu" else (*_MODEL_FILES, WEIGHTS_FILE)
            found |= {f"{_MODEL}/{name}": Path(self.model) / name for name in names}
        if self.lexicon is not None:
            found[_LEXICON] = Path(self.lexicon)
        return found

    def with_files(self, folder: Path, names: Collection[str]) -> Settings:
        """The same settings with those of their files that ``folder`` holds."""
        settings = self
        if any(name.startswith(f"{_MODEL}/") for name in names):
            settings = replace(settings, model=str(folder / _MODEL))
        if _LEXICON in names:
            settings = replace(settings, lexicon=str(folder / _LEXICON))
        return settings
