"""How often a company named without its code is linked to the right one.

    python -m tests.benchmarks.linking texts.jsonl [more.jsonl ...] [--half second] [--errors]

The texts hold names with a code in the bracket that follows: 康德莱医械(1501.HK). The codes are
read, taken out of the text with their brackets, and the rest is tagged: a name is right if it was
found and has the id that the code named. Texts are split in two halves by a hash of their words:
look at the errors of the first, report the second.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

import tagger
from tagger.document import Document, parse_published

_MARKETS = {"SSE": "A shares", "SZSE": "A shares", "BSE": "A shares", "HKEX": "Hong Kong"}
_BRACKET = re.compile(r"\s*[（(\[【][^（）()\[\]【】。\n]*[）)\]】]")


@dataclass(frozen=True)
class Case:
    """A text without its codes, and where a name stands in it with the id that its code named."""

    text: str
    published: str | None
    start: int
    end: int
    id: str

    @property
    def market(self) -> str:
        return _MARKETS.get(self.id.partition(":")[0], "other exchanges")


def main(
    texts: Annotated[list[Path], typer.Argument(help="JSONL with text, and published if known")],
    half: Annotated[str, typer.Option(help="first, second or all")] = "second",
    errors: Annotated[bool, typer.Option(help="print what was wrong or missed")] = False,
    model: str = "default",
) -> None:
    """Print right, wrong and unlinked of every market, and how often the name was not found."""
    nlp = tagger.load(model, disable=["events", "quantities", "words"])
    cases = list(dict.fromkeys(_cases(nlp, texts, half)))
    by_text: defaultdict[tuple[str, str | None], list[Case]] = defaultdict(list)
    for case in cases:
        by_text[case.text, case.published].append(case)
    documents = (Document(text, published=parse_published(day)) for text, day in by_text)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for document, expected in zip(nlp.pipe(documents), by_text.values(), strict=True):
        for case in expected:
            outcome, found = _outcome(document, case)
            counts[case.market][outcome] += 1
            if errors and outcome != "right":
                around = case.text[max(0, case.start - 15) : case.end + 15].replace("\n", " ")
                name = case.text[case.start : case.end]
                print(f"{outcome:9} {name}\t{case.id}\tfound {found}\t{around}")
    for market, each in counts.items():
        total = each.total()
        shares = ", ".join(
            f"{outcome} {each[outcome]} ({each[outcome] / total:.1%})"
            for outcome in ("right", "wrong", "no id", "not found")
        )
        print(f"{market}: {total} names; {shares}")


def _cases(nlp: tagger.Tagger, paths: list[Path], half: str) -> Iterator[Case]:
    """Every name with a code in the bracket after it, in the text without those brackets."""
    documents = [each for each in _documents(paths) if half in ("all", _half(each.text))]
    for document in nlp.pipe(documents):
        text, published = document.text, document.published
        day = published.isoformat() if published else None
        tickers = {entity.start: entity for entity in document.entities if entity.label == "TICKER"}
        named, cuts = [], []
        for entity in document.entities:
            bracket = _BRACKET.match(text, entity.end)
            if entity.label != "COMPANY" or bracket is None:
                continue
            inside = [each for at, each in tickers.items() if bracket.start() < at < bracket.end()]
            cuts += [bracket.span()] if inside else []
            if len(inside) == 1 and inside[0].id:
                named.append((entity, inside[0].id))
        for entity, identifier in named:
            gone = sum(end - start for start, end in cuts if end <= entity.start)
            bare = "".join(
                text[after:before]
                for (_, after), (before, _) in zip(
                    [(0, 0), *cuts], [*cuts, (len(text), 0)], strict=True
                )
            )
            yield Case(bare, day, entity.start - gone, entity.end - gone, identifier)


def _documents(paths: list[Path]) -> Iterator[Document]:
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                data = json.loads(line)
                if re.search(r"[（(\[【][^（）()\[\]【】。\n]*[0-9A-Z]{2}", data["text"]):
                    published = parse_published(data.get("published"))
                    yield Document(data["text"], published=published)


def _half(text: str) -> str:
    return ("first", "second")[zlib.crc32(text.encode()) % 2]


def _outcome(document: Document, case: Case) -> tuple[str, str | None]:
    for entity in document.entities:
        if entity.start < case.end and case.start < entity.end and entity.label != "TICKER":
            same = (entity.start, entity.end) == (case.start, case.end)
            if entity.id == case.id:
                return "right", entity.id
            if entity.id:
                return "wrong", entity.id
            return ("no id" if same else "not found"), entity.text
    return "not found", None


if __name__ == "__main__":
    typer.run(main)
