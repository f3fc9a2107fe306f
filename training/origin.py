"""What a run is begun with, kept in its output folder, so that ``--resume`` goes on with the same
data and models and with nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

from rich.console import Console

from tagger.model import WEIGHTS_FILE
from tagger.writers.staging import staged
from training.examples import Example
from training.settings import Settings

CHECKPOINT_FILE = "checkpoint.pt"
ORIGIN_FILE = "run.json"

# They change when a run is saved and when it ends, and none of its weights.
_FREE = ("checkpoint_minutes", "patience")
_SETTINGS = frozenset(each.name for each in fields(Settings))
_DIGEST_BYTES = 6

_console = Console(stderr=True)

# What a run is begun with, each by the option or the setting that says it.
Origin = Mapping[str, Any]


def origin_of(settings: Settings, **options: Any) -> dict[str, Any]:
    """The origin of a run with these settings; of the other options those that are given."""
    given = {name: value for name, value in options.items() if value}
    return given | {name: value for name, value in asdict(settings).items() if name not in _FREE}


def examples_said(examples: Sequence[Example]) -> str:
    """The number of the examples, and a digest of their text and annotation."""
    parts = (repr((each.text, each.entities, each.events)) for each in examples)
    return f"{len(examples):,} paragraphs ({_digest(parts)})"


def texts_said(texts: Sequence[str]) -> str:
    """The number of the texts, and their digest."""
    return f"{len(texts):,} texts ({_digest(map(repr, texts))})"


def model_said(folder: Path) -> str:
    """A digest of a model's weights."""
    digest = blake2b((folder / WEIGHTS_FILE).read_bytes(), digest_size=_DIGEST_BYTES)
    return f"weights {digest.hexdigest()}"


def begin(output: Path, origin: Origin, resume: bool) -> bool:
    """Notes in its output folder what a run is begun with, or compares that with what the run to
    be resumed was begun with, and says other settings. False if that run is finished.

    Raises ValueError for other data and models, naming each, for other settings than those of a
    finished run, and for the checkpoint of an unfinished run that is not to be resumed.
    """
    checkpoint = output / CHECKPOINT_FILE
    if resume and (output / ORIGIN_FILE).is_file():
        begun, finished = _read(output / ORIGIN_FILE)
        others = [name for name in sorted({*begun, *origin}) if begun.get(name) != origin.get(name)]
        said = "\n".join(
            f"{name}: {begun.get(name, 'not given')} then, {origin.get(name, 'not given')} now"
            for name in others
        )
        if others and (finished or not _SETTINGS.issuperset(others)):
            raise ValueError(
                f"--resume: the run in {output} was begun with other settings or data; go on with "
                f"the same, or begin anew without --resume\n{said}"
            )
        if finished:
            return False
        if others:
            _console.print(
                f"goes on with other settings than the run was begun with:\n{said}",
                style="yellow",
                markup=False,
                soft_wrap=True,
            )
    elif not resume and checkpoint.exists():
        raise ValueError(
            f"{output} holds the checkpoint of an unfinished run: --resume goes on with it; remove "
            f"{checkpoint} to begin anew"
        )
    output.mkdir(parents=True, exist_ok=True)
    _write(output, origin, finished=False)
    return True


def finish(output: Path, origin: Origin) -> None:
    """Notes that a run has nothing left to do."""
    _write(output, origin, finished=True)


def _read(path: Path) -> tuple[dict[str, Any], bool]:
    """What a run was begun with, and whether it is finished."""
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
        return dict(noted["begun_with"]), bool(noted["finished"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged ({error}); begin anew without --resume") from error


def _write(output: Path, origin: Origin, finished: bool) -> None:
    noted = {"begun_with": origin, "finished": finished}
    text = json.dumps(noted, ensure_ascii=False, indent=1)
    with staged(output / ORIGIN_FILE) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def _digest(parts: Iterable[str]) -> str:
    digest = blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
