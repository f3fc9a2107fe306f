"""Hugging Face datasets: by name on the hub, saved to disk, or as Parquet and CSV files."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from training.examples import CorpusError, Fault

if TYPE_CHECKING:
    from datasets import Dataset

PREFIX = "hub:"
TOKEN_COLUMNS = ("tokens", "ner_tags")
OWN_COLUMNS = ("text", "entities", "events")
_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?(:[\w.-]+){0,2}")
# A name that ends so is a file that is missing, and no dataset on the hub.
_FILE = re.compile(r"\.(jsonl?|txt|tsv|csv|parquet|arrow|bio|bioes|bmes|conll|char|gz|train|dev)$")
_READERS = {".parquet": "parquet", ".csv": "csv", ".tsv": "csv", ".arrow": "arrow"}
# Where the hub keeps the tables of datasets that a script used to make.
_CONVERTED = "refs/convert/parquet"


class Address(NamedTuple):
    """A dataset's name on the hub or its place on the disk, its configuration and its split."""

    name: str
    configuration: str | None
    split: str | None
    local: bool


def address_of(source: str) -> Address | None:
    """Where ``hub:NAME[:SPLIT]``, ``hub:NAME:CONFIGURATION:SPLIT``, a plain NAME or PATH[:SPLIT]
    leads; None for what is neither a path that exists nor a name."""
    name = source.removeprefix(PREFIX)
    if name == source:
        path, _colon, split = source.rpartition(":")
        if Path(source).exists():
            return Address(source, None, None, local=True)
        if path and Path(path).exists():
            return Address(path, None, split, local=True)
    if not _NAME.fullmatch(name) or (name == source and _FILE.search(name)):
        return None
    name, *rest = name.split(":")
    return Address(name, rest[0] if len(rest) > 1 else None, rest[-1] if rest else None, False)


def dataset_records(
    source: str, address: Address, splits: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The records of a dataset, with tags by name and columns of JSON read.

    Where the address names no split, the first of ``splits`` that the dataset has is read, or the
    only one that it has. Raises CorpusError for one that cannot be read and for one without the
    columns that training reads.
    """
    with tempfile.TemporaryDirectory() as cache:
        loaded = _load(source, address, cache)
        dataset = _split(source, address, loaded, splits)
        columns = _columns(source, dataset)
        names = _class_names(dataset)
        for record in dataset.select_columns(columns):
            plain = {name: _read_json(name, value) for name, value in record.items()}
            if names is not None and plain["ner_tags"] is not None:
                # -1 stands for a tag that is not known, which has no name.
                plain["ner_tags"] = [
                    names[number] if number >= 0 else number for number in plain["ner_tags"]
                ]
            yield plain


def _load(source: str, address: Address, cache: str) -> Any:
    try:
        import datasets
    except ModuleNotFoundError as error:
        raise CorpusError(
            [Fault(source, "the library datasets is missing", "pip install -e '.[train]'")]
        ) from error
    path = Path(address.name)
    try:
        if not address.local:
            return _from_hub(datasets, address)
        if path.is_file():
            reader = _READERS[path.suffix.lower()]
            how = {"sep": "\t"} if path.suffix.lower() == ".tsv" else {}
            return datasets.load_dataset(reader, data_files=str(path), cache_dir=cache, **how)
        if (path / "dataset_dict.json").exists() or (path / "state.json").exists():
            return datasets.load_from_disk(str(path))
        return datasets.load_dataset(str(path), cache_dir=cache)
    # The library passes on what its readers and its connections raise, which have no common base.
    except Exception as error:
        reason = ": ".join([type(error).__name__, *str(error).strip().splitlines()[:1]])
        if address.local:
            fault = Fault(source, f"no dataset that can be read ({reason})", "check the path")
        else:
            fault = Fault(
                source,
                f"no such file, and the Hugging Face hub gave no dataset of that name ({reason})",
                "check the spelling and the network; without one, save the dataset to disk "
                "elsewhere and give its folder",
            )
        raise CorpusError([fault]) from error


def _from_hub(datasets: Any, address: Address) -> Any:
    try:
        return datasets.load_dataset(address.name, address.configuration)
    except RuntimeError as error:
        if "scripts are no longer supported" not in str(error):
            raise
        return datasets.load_dataset(address.name, address.configuration, revision=_CONVERTED)


def _split(source: str, address: Address, loaded: Any, splits: Sequence[str]) -> Dataset:
    if not isinstance(loaded, dict):
        return loaded
    if address.split is not None:
        wanted: Sequence[str] = (address.split,)
    elif len(loaded) == 1:
        wanted = tuple(loaded)
    else:
        wanted = splits
    for name in wanted:
        if name in loaded:
            return loaded[name]
    there = ", ".join(loaded)
    raise CorpusError(
        [
            Fault(
                source,
                f"it has the splits {there}" + (f", not {address.split}" if address.split else ""),
                f"name one: {source.removesuffix(f':{address.split}')}:{next(iter(loaded))}",
            )
        ]
    )


def _columns(source: str, dataset: Dataset) -> list[str]:
    there = dataset.column_names
    if all(name in there for name in TOKEN_COLUMNS):
        wanted: tuple[str, ...] = TOKEN_COLUMNS
    elif "text" in there and ("entities" in there or "events" in there):
        wanted = OWN_COLUMNS
    else:
        raise CorpusError(
            [
                Fault(
                    source,
                    f"its columns are {', '.join(there)}",
                    "rename them to tokens and ner_tags, or to text, entities and events",
                )
            ]
        )
    return [name for name in ("id", *wanted) if name in there]


def _class_names(dataset: Dataset) -> list[str] | None:
    column = dataset.features.get("ner_tags")
    return getattr(getattr(column, "feature", None), "names", None)


def _read_json(name: str, value: Any) -> Any:
    """A column of lists as CSV has it."""
    if name in ("entities", "events") and isinstance(value, str):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value
