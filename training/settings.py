"""Every setting of a training run, with its default; a TOML file may change any of them."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Hyper-parameters. Rates are per step; ``patience`` counts epochs without a better score.

    ``auxiliary_epochs`` says in how many epochs, from the first, auxiliary corpora take part, and
    ``replaced_names`` in which share of the paragraphs names are replaced by others.
    ``bits`` is the width of the products: 16 is bfloat16, twice as fast where the processor has
    AVX-512 BF16 or AMX, and slower elsewhere. ``layers`` keeps so many layers of the encoder that a
    run starts from, spread evenly and the last among them; 0 keeps all. ``teacher_weight`` is what
    the teacher's opinion counts beside the annotation. ``known_names`` has the network read which
    names of the lexicon stand in the text. With a ``character_reach`` the character layer of a
    model that a run starts from reads so many neighbours in place of attending.
    """

    epochs: int = 6
    batch_size: int = 16
    encoder_rate: float = 2.5e-4
    head_rate: float = 1e-3
    warmup: float = 0.06
    weight_decay: float = 0.01
    gradient_norm: float = 1.0
    averaging: float = 0.99
    role_weight: float = 0.5
    type_weight: float = 0.2
    patience: int = 3
    seed: int = 13
    threads: int = 2
    bits: int = 32
    auxiliary_epochs: int = 2
    auxiliary_batch_size: int = 32
    replaced_names: float = 0.0
    max_characters: int = 448
    checkpoint_minutes: float = 10.0
    layers: int = 0
    teacher_weight: float = 1.0
    known_names: bool = True
    character_reach: int = 0

    @classmethod
    def load(cls, path: Path | None) -> Settings:
        """Defaults, changed by a TOML file. Raises ValueError for an impossible name or value."""
        if path is None:
            return cls()
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{path}: {error}") from error
        kinds = {name: type(value) for name, value in asdict(cls()).items()}
        for name, value in data.items():
            if name not in kinds:
                raise ValueError(f"{path}: unknown setting {name!r}; known: {', '.join(kinds)}")
            if kinds[name] is bool and not isinstance(value, bool):
                raise ValueError(f"{path}: {name} = {value!r} is neither true nor false")
            if kinds[name] is not bool and type(value) not in (int, float):
                raise ValueError(f"{path}: {name} = {value!r} is not a number")
        settings = cls(**{name: kinds[name](value) for name, value in data.items()})
        if settings.bits not in (16, 32):
            raise ValueError(f"{path}: bits = {settings.bits} must be 16 or 32")
        return settings

    def to_toml(self) -> str:
        """The settings as a TOML file."""
        return "".join(
            f"{name} = {str(value).lower() if isinstance(value, bool) else value}\n"
            for name, value in asdict(self).items()
        )
