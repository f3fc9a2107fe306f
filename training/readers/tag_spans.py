"""Tokens with BIO, BIOES or BMES tags to an example."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tagger.annotation.tag_sequences import parse_tag, spans_of
from tagger.readers.errors import Unreadable
from training.examples import Example, Findings, Span
from training.readers.joining import joined

# People's Daily also comes with underscores: B_ORG.
_UNDERSCORED = re.compile(r"(?<=^[BIMESLU])_")


def tagged_example(
    tokens: Sequence[str], tags: Sequence[str], id: str, findings: Findings
) -> Example | None:
    """The text of the tokens with a span for each tagged stretch; a fault for what is no tag."""
    plain = [plain_tag(tag) for tag in tags]
    for token, tag in zip(tokens, plain, strict=True):
        reason = fault_of_tag(tag)
        if reason is not None:
            findings.fault(f"token {token!r}: {reason}", TAGS_ARE)
    if findings.faults:
        return None
    text, places = joined(tokens)
    entities = []
    for first, behind, label in spans_of(plain):
        start, end = places[first][0], places[behind - 1][1]
        if start < end:
            entities.append(Span(start, end, label))
        else:
            findings.leave_out(label, "its tokens are empty")
    return Example(id, text, tuple(entities))


TAGS_ARE = "write O, B-LABEL and I-LABEL (also M-, E-, S-) behind each token"


def plain_tag(tag: str) -> str:
    """The tag with a dash between place and label."""
    return _UNDERSCORED.sub("-", tag, count=1)


def fault_of_tag(tag: str) -> str | None:
    """Why a tag is none; None if it is one."""
    try:
        parse_tag(tag)
    except Unreadable:
        return f"{tag!r} is no tag"
    return None
