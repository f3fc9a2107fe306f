"""Records with ``tokens`` and ``ner_tags``, as Hugging Face datasets have them."""

from __future__ import annotations

import json
from typing import Any

from training.examples import Example, Findings
from training.readers.tag_spans import tagged_example


def tokens_example(record: Any, id: str, findings: Findings) -> Example | None:
    """The example in a record; a column may also be JSON in a string, as CSV has it."""
    tokens, tags = (_listed(record.get(name)) for name in ("tokens", "ner_tags"))
    if tokens is None or tags is None:
        findings.fault(
            "'tokens' and 'ner_tags' are not two lists", "write a list of strings in each"
        )
        return None
    if len(tokens) != len(tags):
        findings.fault(f"{len(tokens)} tokens with {len(tags)} ner_tags", "tag every token once")
        return None
    if not all(isinstance(each, str) for each in tokens):
        findings.fault("'tokens' are not all strings", "write every token as a string")
        return None
    if not all(isinstance(each, str) for each in tags):
        findings.fault(
            "'ner_tags' are numbers without names",
            "write tags such as B-PER, or make the column a ClassLabel",
        )
        return None
    own = record.get("id")
    return tagged_example(tokens, tags, id if own is None else str(own), findings)


def _listed(column: Any) -> list[Any] | None:
    if isinstance(column, str):
        try:
            column = json.loads(column)
        except json.JSONDecodeError:
            return column.split()
    return column if isinstance(column, list) else None
