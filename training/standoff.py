"""Annotations without the texts that they speak of, for text that may not be passed on.

``python -m training.standoff detach --data annotated.jsonl --output annotations.jsonl`` writes
offsets and labels with the digest of each text; ``python -m training.standoff attach --annotations
annotations.jsonl --texts news.jsonl --output annotated.jsonl`` puts them back to the texts of
whoever has them.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from training.corpora import write_examples
from training.examples import AnnotatedEvent, CorpusError, Example, Fault, Span
from training.readers.content import json_records, read_text, read_texts
from training.readers.reading import read_examples
from training.refusing import faults_said

app = typer.Typer(help=__doc__, add_completion=False)


@app.command()
def detach(
    data: Annotated[Path, typer.Option(help="annotated JSONL")],
    output: Annotated[Path, typer.Option(help="the annotations, to write")],
) -> None:
    """Write annotations without their texts."""
    with faults_said():
        lines = [orjson.dumps(detached(example)) + b"\n" for example in read_examples(data)]
        output.write_bytes(b"".join(lines))
    print(f"{output}: {len(lines):,} paragraphs without their texts")


@app.command()
def attach(
    annotations: Annotated[Path, typer.Option(help="what `detach` wrote")],
    texts: Annotated[list[Path], typer.Option(help="JSONL with the texts; may be repeated")],
    output: Annotated[Path, typer.Option(help="annotated JSONL, to write")],
) -> None:
    """Put annotations back to their texts; those whose text is not there are counted."""
    with faults_said():
        by_digest = {digest(text): text for path in texts for text in read_texts(path)}
        records = list(json_records(read_text(annotations)))
        examples, faults = [], []
        for record in records:
            try:
                text = by_digest.get(record.value["sha256"])
                if text is not None:
                    examples.append(attached(record.value, text))
            except (KeyError, TypeError, ValueError):
                reason = record.fault or "not as `detach` writes it"
                faults.append(Fault(f"{annotations}:{record.line}", reason, "detach it again"))
        if faults:
            raise CorpusError(faults)
        if not examples:
            names = ", ".join(map(str, texts))
            raise ValueError(
                f"{names}: none of the {len(records):,} texts that {annotations} speaks of; give "
                "the file that they were annotated in, its texts unchanged"
            )
        write_examples(examples, output)
    missing = len(records) - len(examples)
    print(f"{output}: {len(examples):,} paragraphs; {missing:,} have no text in what was given")


def digest(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def detached(example: Example) -> dict[str, Any]:
    """``id`` and ``sha256`` of the text, ``entities`` as [start, end, label], ``events`` as
    [start, end, type, arguments], arguments as [start, end, role]; no layer that was not annotated.
    """
    found: dict[str, Any] = {"id": example.id, "sha256": digest(example.text)}
    if example.entities is not None:
        found["entities"] = [_triple(span) for span in example.entities]
    if example.events is not None:
        found["events"] = [
            [*_triple(event.trigger), [_triple(span) for span in event.arguments]]
            for event in example.events
        ]
    return found


def attached(record: dict[str, Any], text: str) -> Example:
    """The example that :func:`detached` made the record of."""
    entities = events = None
    if "entities" in record:
        entities = tuple(Span(*span) for span in record["entities"])
    if "events" in record:
        events = tuple(
            AnnotatedEvent(Span(start, end, kind), tuple(Span(*span) for span in arguments))
            for start, end, kind, arguments in record["events"]
        )
    return Example(record["id"], text, entities, events)


def _triple(span: Span) -> list[int | str]:
    return [span.start, span.end, span.label]


if __name__ == "__main__":
    app()
