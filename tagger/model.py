"""What a model folder says of itself: labels, limits and calibration (``config.json``)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

CONFIG_FILE = "config.json"
TOKENIZER_FILE = "tokenizer.json"
CHARACTERS_FILE = "characters.txt"
ONNX_FILE = "model.onnx"
WEIGHTS_FILE = "model.safetensors"

# Outside, and the four places of a character in a span (Ratinov and Roth 2009, "BILOU").
BOUNDARIES = ("O", "B", "I", "E", "S")


@dataclass(frozen=True)
class ModelConfig:
    """A model's labels, sizes and limits.

    ``max_characters`` is the longest window, ``max_pieces`` the most sub-word pieces of one,
    specials included. ``temperatures`` divide the logits of a head so that scores are calibrated.
    With a ``character_reach`` the character layer reads so many neighbours to each side in place of
    attending to the whole window by ``character_heads``. ``known_names`` are the kinds of the
    lexicon's names that the network reads beside the text, see :mod:`tagger.known_names`.
    ``encoder`` is the Hugging Face configuration of the encoder.
    """

    name: str
    version: str
    entity_labels: tuple[str, ...]
    event_types: tuple[str, ...]
    roles: tuple[str, ...]
    max_characters: int = 320
    max_pieces: int = 512
    pad_piece: int = 1
    character_heads: int = 6
    character_reach: int = 0
    character_feed_forward: int = 768
    role_size: int = 32
    known_names: tuple[str, ...] = ()
    temperatures: dict[str, float] = field(default_factory=dict)
    encoder: dict[str, Any] = field(default_factory=dict)

    @property
    def entity_tags(self) -> tuple[str, ...]:
        """``O``, then ``B-``, ``I-``, ``E-`` and ``S-`` of each label."""
        spans = (f"{place}-{label}" for label in self.entity_labels for place in BOUNDARIES[1:])
        return ("O", *spans)

    @classmethod
    def load(cls, folder: Path) -> ModelConfig:
        """Reads a model folder. Raises FileNotFoundError or ValueError naming the file."""
        path = folder / CONFIG_FILE
        if not path.is_file():
            raise FileNotFoundError(
                f"{folder} is no model folder: it has no {CONFIG_FILE}; give a folder such as "
                "models/default, or one that `python -m training.train` wrote"
            )
        try:
            data = read_json_object(path)
            known = {each.name for each in fields(cls)}
            values = {name: value for name, value in data.items() if name in known}
            for name in ("entity_labels", "event_types", "roles"):
                values[name] = tuple(values[name])
            values["known_names"] = tuple(values.get("known_names", ()))
            return cls(**values)
        except KeyError as error:
            raise ValueError(
                f"{path} is no model's: it has no {error}; give the name of a shipped model or a "
                "folder that `python -m training.train` wrote"
            ) from error
        except (ValueError, TypeError) as error:
            raise ValueError(
                f"{path} is damaged ({error}); install or train the model again"
            ) from error

    def save(self, folder: Path) -> None:
        """Writes ``config.json`` into a folder that exists."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2)
        (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")


def read_json_object(path: Path) -> dict[str, Any]:
    """What a JSON file holds. Raises ValueError if that is no object, OSError as reading does."""
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise ValueError("it holds no JSON object")
    return data
