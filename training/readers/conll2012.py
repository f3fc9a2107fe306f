"""OntoNotes in the columns of CoNLL-2012 (Pradhan et al. 2012).

The fourth column is the word and the eleventh the name that it belongs to, in brackets:
``(ORG*``, ``*``, ``*)``, ``(GPE)``. A blank line ends a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from training.examples import Example, Findings, Span
from training.readers.joining import joined
from training.readers.tags import Row, sentences

COMMENT = "#"
WORD, NAME, LEAST_COLUMNS = 3, 10, 12
_NAME = re.compile(r"(?:\(([^()*]+))?\*?(\))?")
_NAMES_ARE = "write (LABEL*, *, *) or (LABEL) in the eleventh column"


def read_conll2012(text: str, source: str) -> Iterator[tuple[Example | None, Findings]]:
    """The sentences of a file, as :func:`training.readers.tags.read_tags` gives them."""
    # A line of comment ends a sentence just as a blank one does, and keeps its number.
    lines = ["" if line.startswith(COMMENT) else line.strip() for line in text.split("\n")]
    for rows in sentences("\n".join(lines)):
        findings = Findings(source, rows[0].line)
        yield _example(rows, f"{Path(source).stem}-{rows[0].line}", findings), findings


def is_name(column: str) -> bool:
    """Whether a column says which name a word belongs to."""
    return bool(column) and _NAME.fullmatch(column) is not None


def _example(rows: list[Row], id: str, findings: Findings) -> Example | None:
    for row in rows:
        if len(row.columns) < LEAST_COLUMNS:
            findings.fault(
                f"{len(row.columns)} columns, where CoNLL-2012 has at least {LEAST_COLUMNS}",
                "name another format with --format",
                row.line,
            )
            return None
    text, places = joined([row.columns[WORD] for row in rows])
    entities: list[Span] = []
    opened: tuple[str, int, int] | None = None
    for row, (start, end) in zip(rows, places, strict=True):
        column = row.columns[NAME]
        found = _NAME.fullmatch(column)
        label, closes = found.groups() if found is not None else (None, None)
        if found is None or (label and opened) or (closes and not (label or opened)):
            findings.fault(f"{column!r} opens or closes no name here", _NAMES_ARE, row.line)
            return None
        if label:
            opened = label, start, row.line
        if opened and closes:
            entities.append(Span(opened[1], end, opened[0]))
            opened = None
    if opened:
        findings.fault(f"({opened[0]}* is never closed", _NAMES_ARE, opened[2])
        return None
    return Example(id, text, tuple(entities))
