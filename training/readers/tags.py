"""Files with a token a line and a blank line between sentences.

MSRA, People's Daily, Weibo, Resume and OntoNotes 4 as they are published: character and tag,
parted by a space or a tab, in BIO, BIOES or BMES; also CoNLL-2003 with its four columns, of which
the first is the token and the last the tag. Weibo writes each character with its place in its word
(``科0``), which is taken off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from training.examples import Example, Findings
from training.readers.tag_spans import TAGS_ARE, fault_of_tag, plain_tag, tagged_example

_COLUMNS = re.compile(r"[ \t]+")
_WITH_PLACE_IN_WORD = re.compile(r".\d+")
_DOCUMENT_START = "-DOCSTART-"


class Row(NamedTuple):
    """A line of a file and its columns, of which a blank line has none."""

    line: int
    columns: list[str]


def read_tags(text: str, source: str) -> Iterator[tuple[Example | None, Findings]]:
    """The sentences of a file: the example of each, and what was found."""
    found = list(sentences(text))
    segmented = all(_WITH_PLACE_IN_WORD.fullmatch(row.columns[0]) for rows in found for row in rows)
    for rows in found:
        findings = Findings(source, rows[0].line)
        for row in rows:
            _check(row, findings)
        example = None
        if not findings.faults:
            tokens = [row.columns[0] or " " for row in rows]
            tokens = [token[0] for token in tokens] if segmented else tokens
            tags = [row.columns[-1] for row in rows]
            id = f"{Path(source).stem}-{rows[0].line}"
            example = tagged_example(tokens, tags, id, findings)
        yield example, findings


def sentences(text: str) -> Iterator[list[Row]]:
    """The lines of each sentence, without those that begin a document."""
    collected: list[Row] = []
    for number, line in enumerate(text.split("\n"), 1):
        content = line.rstrip(" \t\r")
        starts = content.startswith(_DOCUMENT_START)
        if content and not starts:
            # A line that begins with its separator has a space for its token.
            collected.append(Row(number, _COLUMNS.split(content)))
        elif collected:
            yield collected
            collected = []
    if collected:
        yield collected


def _check(row: Row, findings: Findings) -> None:
    if len(row.columns) == 1:
        findings.fault(f"no tag behind {row.columns[0]!r}", TAGS_ARE, row.line)
        return
    reason = fault_of_tag(plain_tag(row.columns[-1]))
    if reason is not None:
        findings.fault(reason, TAGS_ARE, row.line)
