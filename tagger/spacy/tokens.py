"""Tokens of spaCy docs that begin and end where the spans found in their text do."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc, SpanGroup, Token

_PIECE = re.compile(r"\s+|\S+")
# spaCy compares each merge with every other one of its block.
_MERGES_OF_A_BLOCK = 500
_TOKEN_ANNOTATIONS = ("TAG", "POS", "MORPH", "LEMMA", "DEP", "SENT_START")


def cut_tokens(text: str, edges: Collection[int]) -> tuple[list[str], list[bool]]:
    """The tokens of a text that is cut at ``edges``, and whether a space follows each.

    As everywhere in spaCy, one space belongs to the token before it, and what other white space
    there is makes tokens of its own.
    """
    words: list[str] = []
    spaces: list[bool] = []
    for start, end in pairwise(sorted({0, len(text), *edges})):
        for piece in _PIECE.findall(text[start:end]):
            if piece[0] == " " and words and not spaces[-1] and not words[-1].isspace():
                spaces[-1] = True
                piece = piece[1:]
            if piece:
                words.append(piece)
                spaces.append(False)
    return words, spaces


def retokenize(doc: Doc, edges: Collection[int], *, merge: bool, groups: Collection[str]) -> None:
    """Splits the tokens of ``doc`` at ``edges``, offsets in its text.

    With ``merge``, what stands between two edges without white space becomes one token. The spans
    of the span groups named in ``groups`` stay the same stretches of text. Raises ValueError if
    tokens that would change carry tags, lemmas, sentence starts or dependencies.
    """
    kept = {name: _offsets(doc.spans[name]) for name in groups}
    edges = {*edges, *(edge for offsets in kept.values() for each in offsets for edge in each[:2])}
    ordered = sorted(edges)
    splits = [
        (token.i, pieces)
        for token in doc
        if len(pieces := _pieces(token.idx, token.text, ordered)) > 1
    ]
    if not splits and not (merge and any(_runs(doc, edges))):
        return
    _check_tokens_are_bare(doc)
    _split(doc, splits)
    if merge:
        _merge(doc, list(_runs(doc, edges)))
    # spaCy leaves the spans of groups at their old token numbers.
    for name, offsets in kept.items():
        spans = [
            doc.char_span(start, end, label, kb_id, span_id=span_id)
            for start, end, label, kb_id, span_id in offsets
        ]
        group = doc.spans[name]
        doc.spans[name] = SpanGroup(doc, name=group.name, attrs=group.attrs, spans=spans)


def _split(doc: Doc, splits: Iterable[tuple[int, list[str]]]) -> None:
    with doc.retokenize() as retokenizer:
        for index, pieces in splits:
            heads = [(doc[index], place) for place in range(len(pieces))]
            retokenizer.split(doc[index], pieces, heads)


def _merge(doc: Doc, runs: Sequence[tuple[int, int]]) -> None:
    # From the end, so that no merge moves the tokens of one that is still to come.
    for block in reversed(range(0, len(runs), _MERGES_OF_A_BLOCK)):
        with doc.retokenize() as retokenizer:
            for start, end in runs[block : block + _MERGES_OF_A_BLOCK]:
                retokenizer.merge(doc[start:end])


def _pieces(offset: int, text: str, edges: Sequence[int]) -> list[str]:
    inside = edges[bisect_right(edges, offset) : bisect_left(edges, offset + len(text))]
    cuts = [0, *(edge - offset for edge in inside), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _runs(doc: Doc, edges: Collection[int]) -> Iterator[tuple[int, int]]:
    """Runs of several tokens with neither an edge nor white space between them, by index."""
    first = 0
    for index in range(1, len(doc) + 1):
        if index < len(doc) and not _parted(doc[index - 1], doc[index], edges):
            continue
        if index - first > 1:
            yield first, index
        first = index


def _parted(left: Token, right: Token, edges: Collection[int]) -> bool:
    return bool(
        right.idx in edges or left.whitespace_ or left.text.isspace() or right.text.isspace()
    )


def _check_tokens_are_bare(doc: Doc) -> None:
    for annotation in _TOKEN_ANNOTATIONS:
        # The first token starts a sentence in any case.
        if doc.has_annotation(annotation) and (len(doc) > 1 or annotation != "SENT_START"):
            raise ValueError(
                f"the tokens of this doc carry {annotation} and would have to change to fit the "
                "spans found; put the component that changes tokens before the one that "
                "annotates them: nlp.add_pipe('finance_tagger', first=True)"
            )


def _offsets(group: SpanGroup) -> list[tuple[int, int, str, str, str]]:
    return [(each.start_char, each.end_char, each.label_, each.kb_id_, each.id_) for each in group]
