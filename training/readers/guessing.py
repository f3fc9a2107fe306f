"""Which format a file has: by its suffix, else by its first records."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from training.examples import CorpusError, Fault
from training.readers.conll2012 import COMMENT, LEAST_COLUMNS, NAME, is_name
from training.readers.content import json_records
from training.readers.formats import CorpusFormat
from training.readers.tag_spans import fault_of_tag, plain_tag
from training.readers.tags import sentences

# What the datasets library reads; it has no place in its faults but the record's number.
_OF_DATASETS = (".parquet", ".csv", ".tsv", ".arrow")
_LOOKED_AT = 20


def is_dataset(path: Path) -> bool:
    """Whether a file or folder is one that the datasets library reads."""
    return path.is_dir() or path.suffix.lower() in _OF_DATASETS


def guess_format(source: str, text: str) -> CorpusFormat:
    """The format of a file's text. Raises CorpusError where nothing tells."""
    found = None
    if text.lstrip()[:1] in ("{", "["):
        found = _by_records(source, text)
    if found is None:
        found = _by_columns(text)
    if found is None:
        names = ", ".join(CorpusFormat)
        raise CorpusError(
            [Fault(source, "its first records tell no format", f"name it with --format: {names}")]
        )
    return found


def _by_records(source: str, text: str) -> CorpusFormat | None:
    # Where the first records are broken, the project's own reader says what is wrong with them.
    is_json = text.lstrip().startswith("{")
    for record in islice(json_records(text), _LOOKED_AT):
        found = None if record.fault else _by_record(source, record.value)
        if found is not None:
            return found
    return CorpusFormat.JSONL if is_json else None


def _by_record(source: str, record: Any) -> CorpusFormat | None:
    if isinstance(record, list) and len(record) == 2 and isinstance(record[1], dict):
        return CorpusFormat.CHFINANN if "sentences" in record[1] else None
    if not isinstance(record, dict):
        return None
    if "tokens" in record and "ner_tags" in record:
        return CorpusFormat.TOKENS
    if "event_list" in record:
        return CorpusFormat.DUEE_FIN
    if "content" in record and ("events" in record or "triggers" in record):
        return CorpusFormat.FEWFC
    if isinstance(record.get("label"), dict):
        return CorpusFormat.CLUENER
    if "entities" in record or "events" in record:
        return CorpusFormat.JSONL
    of_tool = isinstance(record.get("data"), dict) or isinstance(
        record.get("label", record.get("labels")), list
    )
    if of_tool:
        raise CorpusError(
            [
                Fault(
                    source,
                    "written by an annotation tool",
                    f"convert it first: tagger convert {source} -o train.jsonl",
                )
            ]
        )
    return None


def _by_columns(text: str) -> CorpusFormat | None:
    first = next(sentences(_without_comments(text)), [])
    if not first:
        return None
    columns = [row.columns for row in first]
    if all(len(each) >= LEAST_COLUMNS and is_name(each[NAME]) for each in columns):
        return CorpusFormat.CONLL_2012
    tagged = sum(len(each) > 1 and fault_of_tag(plain_tag(each[-1])) is None for each in columns)
    # One line at fault is not to hide the format of the others.
    return CorpusFormat.TAGS if 2 * tagged > len(columns) else None


def _without_comments(text: str) -> str:
    head = text[: 1 << 16].split("\n")
    return "\n".join(line.strip(" ") for line in head if not line.startswith(COMMENT + "begin"))
