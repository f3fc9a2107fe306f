"""Every setting of a training run, with its default; a TOML file may change any of them."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from math import inf
from pathlib import Path
from typing import Annotated, get_args, get_type_hints

# The least and the most of a setting; any other may be what is not below 0.
_RANGES = {
    **dict.fromkeys(
        ("epochs", "batch_size", "patience", "threads", "auxiliary_batch_size", "max_characters"),
        (1, inf),
    ),
    **dict.fromkeys(("warmup", "averaging", "replaced_names"), (0, 1)),
}


@dataclass(frozen=True)
class Settings:
    """Hyper-parameters, each with what ``--print-config`` says of it."""

    epochs: Annotated[int, "passes over the training paragraphs"] = 6
    batch_size: Annotated[int, "windows a step"] = 16
    encoder_rate: Annotated[float, "the highest learning rate of the encoder, per step"] = 2.5e-4
    head_rate: Annotated[float, "the highest learning rate of all above the encoder, per step"] = (
        1e-3
    )
    warmup: Annotated[float, "share of the steps, 0 to 1, in which the rates rise"] = 0.06
    weight_decay: Annotated[float, "of AdamW"] = 0.01
    gradient_norm: Annotated[float, "longer gradients are scaled down to this norm"] = 1.0
    averaging: Annotated[
        float, "share of the average of the weights, which is what is kept, that each step leaves"
    ] = 0.99
    role_weight: Annotated[
        float, "what the loss of arguments counts beside that of entity tags"
    ] = 0.5
    type_weight: Annotated[
        float, "what the loss of event types counts beside that of entity tags"
    ] = 0.2
    patience: Annotated[int, "epochs without a better score on --dev before the run ends"] = 3
    seed: Annotated[int, "the same seed and the same data give the same model"] = 13
    threads: Annotated[int, "cores that torch uses"] = 2
    bits: Annotated[
        int, "32, or 16: bfloat16, twice as fast with AVX-512 BF16 or AMX, slower without"
    ] = 32
    quantization_aware: Annotated[
        bool, "whether products are rounded in training as the export of a BERT encoder rounds them"
    ] = False
    auxiliary_epochs: Annotated[int, "epochs, from the first, in which --auxiliary takes part"] = 2
    auxiliary_batch_size: Annotated[int, "windows of --auxiliary a step"] = 32
    replaced_names: Annotated[
        float, "share of the paragraphs, 0 to 1, whose names are replaced by others"
    ] = 0.0
    max_characters: Annotated[
        int, "longer paragraphs are cut into windows of at most so many characters"
    ] = 448
    checkpoint_minutes: Annotated[
        float, "minutes between two checkpoints, from which --resume goes on"
    ] = 10.0
    layers: Annotated[
        int, "layers to keep of the encoder of --init, spread evenly, the last among them; 0: all"
    ] = 0
    frozen_layers: Annotated[
        int,
        "lowest layers of the encoder that do not learn, nor its embeddings; the last always does",
    ] = 0
    teacher_weight: Annotated[
        float, "what the opinion of --teacher counts beside the annotation"
    ] = 1.0
    known_names: Annotated[
        bool, "whether the network reads which names of the lexicon stand in the text"
    ] = True
    character_reach: Annotated[
        int, "neighbours that the character layer of --init reads instead of attending; 0: all"
    ] = 0

    @classmethod
    def load(cls, path: Path | None) -> Settings:
        """Defaults, changed by a TOML file. Raises ValueError for an impossible name or value."""
        if path is None:
            return cls()
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"{path}: {error}") from error
        kinds = {name: type(value) for name, value in asdict(cls()).items()}
        for name, value in data.items():
            if name not in kinds:
                raise ValueError(f"{path}: unknown setting {name!r}; known: {', '.join(kinds)}")
            if kinds[name] is bool and not isinstance(value, bool):
                raise ValueError(f"{path}: {name} = {value!r} is neither true nor false")
            if kinds[name] is not bool and type(value) not in (int, float):
                raise ValueError(f"{path}: {name} = {value!r} is not a number")
            if kinds[name] is int and value % 1 != 0:
                raise ValueError(f"{path}: {name} = {value!r} is not a whole number")
            least, most = _RANGES.get(name, (0, inf))
            if not least <= value <= most:
                below = f" and at most {most}" if most < inf else ""
                raise ValueError(f"{path}: {name} = {value!r} must be at least {least}{below}")
        settings = cls(**{name: kinds[name](value) for name, value in data.items()})
        if settings.bits not in (16, 32):
            raise ValueError(f"{path}: bits = {settings.bits} must be 16 or 32")
        return settings

    def to_toml(self) -> str:
        """The settings as a TOML file, each below a comment that says what it is."""
        hints = get_type_hints(type(self), include_extras=True)
        return "\n".join(
            # JSON writes numbers, truth values and strings as TOML does.
            f"# {', '.join(get_args(hints[name])[1:])}\n{name} = {json.dumps(value)}\n"
            for name, value in asdict(self).items()
        )
