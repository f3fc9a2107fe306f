"""Annotated corpora in, whatever format they are published in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.corpora import example_of
from training.examples import CorpusError, Example, Fault, Findings, LeftOut
from training.readers.chfinann import chfinann_example
from training.readers.cluener import cluener_example
from training.readers.conll2012 import read_conll2012
from training.readers.content import is_array, json_records, read_text
from training.readers.duee_fin import duee_fin_example
from training.readers.fewfc import fewfc_example
from training.readers.formats import CorpusFormat
from training.readers.guessing import guess_format, is_dataset
from training.readers.hub import Address, address_of, dataset_records
from training.readers.label_maps import LabelMap
from training.readers.tags import read_tags
from training.readers.tokens import tokens_example

_OF_RECORD: dict[CorpusFormat, Callable[[Any, str, Findings], Example | None]] = {
    CorpusFormat.JSONL: example_of,
    CorpusFormat.TOKENS: tokens_example,
    CorpusFormat.CLUENER: cluener_example,
    CorpusFormat.DUEE_FIN: duee_fin_example,
    CorpusFormat.CHFINANN: chfinann_example,
    CorpusFormat.FEWFC: fewfc_example,
}
_OF_TEXT = {CorpusFormat.TAGS: read_tags, CorpusFormat.CONLL_2012: read_conll2012}

Reading = Iterator[tuple[Example | None, Findings]]


@dataclass
class Corpus:
    """The sound records of a source, the faults of the others, and the annotations that sound
    records lost, one line each."""

    examples: list[Example] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def read_corpus(
    source: str,
    format: CorpusFormat | None = None,
    label_map: LabelMap | None = None,
    splits: Sequence[str] = (),
) -> Corpus:
    """Reads a file, a dataset on the disk or one of the hub, every record and every fault.

    Args:
        source: a path, ``hub:NAME[:SPLIT]``, or the plain name of a dataset on the hub.
        format: None finds it out.
        label_map: translates labels.
        splits: which splits to read of a dataset that has several, the first that is there.

    A source that cannot be read at all is one fault.
    """
    corpus = Corpus()
    try:
        for example, findings in _records(source, format, splits):
            if example is not None and label_map is not None and not findings.faults:
                example = label_map(example, findings)
            corpus.faults += findings.faults
            if example is None or findings.faults:
                continue
            if example.text:
                corpus.examples.append(example)
            else:
                findings.leave_out("record", "its text is empty")
            corpus.left_out += findings.left_out
    except CorpusError as error:
        corpus.faults += error.faults
    if not corpus.examples and not corpus.faults:
        corpus.faults.append(
            Fault(
                f"{source}:1", "no annotated record in this file", "check that it was saved whole"
            )
        )
    return corpus


def read_examples(path: Path) -> list[Example]:
    """The examples of an annotated file. Raises CorpusError with every fault and its line."""
    corpus = read_corpus(str(path))
    if corpus.faults:
        raise CorpusError(corpus.faults)
    return corpus.examples


def _records(source: str, format: CorpusFormat | None, splits: Sequence[str]) -> Reading:
    address = address_of(source)
    if address is None:
        raise CorpusError(
            [Fault(source, "no such file", "check the path; write hub:NAME for a dataset")]
        )
    path = Path(address.name)
    if not address.local or format == CorpusFormat.DATASET or (format is None and is_dataset(path)):
        yield from _of_dataset(source, address, splits)
        return
    text = read_text(path)
    chosen = format or guess_format(source, text)
    if chosen in _OF_TEXT:
        yield from _OF_TEXT[chosen](text, source)
    else:
        yield from _of_json(source, text, _OF_RECORD[chosen])


def _of_json(
    source: str, text: str, example_of: Callable[[Any, str, Findings], Example | None]
) -> Reading:
    numbered = is_array(text)
    for record in json_records(text):
        findings = Findings(source, record.line, record.number if numbered else None)
        if record.fault is not None:
            findings.fault(record.fault, record.remedy)
            yield None, findings
            continue
        place = record.number if numbered else record.line
        yield example_of(record.value, f"{Path(source).stem}-{place}", findings), findings


def _of_dataset(source: str, address: Address, splits: Sequence[str]) -> Reading:
    name = Path(address.name).stem
    for number, record in enumerate(dataset_records(source, address, splits), 1):
        read = tokens_example if "tokens" in record else example_of
        findings = Findings(source, record=number)
        yield read(record, f"{name}-{number}", findings), findings
