"""How often a company named without its code is linked to the right one.

    python -m tests.benchmarks.linking texts.jsonl [more.jsonl ...] [--half second] [--errors]

The texts hold names with a code in the bracket that follows: 康德莱医械(1501.HK). The codes are
read, taken out of the text with their brackets, and the rest is tagged: a name is right if it was
found and has the id that the code named. The id of another listing of the same company, an A share
where the code was that of the H share, is counted apart. What the tables know as a name of the
code counts, else the company that the tagger sees in front of the bracket; a code that stood inside
a longer name does not count. Texts are split in two halves by a hash of their words: look at the
errors of the first, report the second.
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
from tagger.lexicon import Lexicon
from tagger.listings import other_listings
from tagger.text import normalize

_MARKETS = {"SSE": "A shares", "SZSE": "A shares", "BSE": "A shares", "HKEX": "Hong Kong"}
_BRACKET = re.compile(r"\s*[（(\[【][^（）()\[\]【】。\n]*[）)\]】]")
_WARNED = re.compile(r"S?\*?ST")
# What makes of a firm's name that of a branch, or of another class of its shares.
_PART = re.compile(r"[\u4e00-\u9fff]{0,6}?[分支]行|[\u4e00-\u9fff]{0,3}?分公司|[BH]股")


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
    """Print right, other listing, wrong and unlinked of every market, and how often the name was
    not found."""
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
                print(f"{outcome:13} {name}\t{case.id}\tfound {found}\t{around}")
    for market, each in counts.items():
        total = each.total()
        shares = ", ".join(
            f"{outcome} {each[outcome]} ({each[outcome] / total:.1%})"
            for outcome in ("right", "other listing", "wrong", "no id", "not found")
        )
        print(f"{market}: {total} names; {shares}")


def _cases(nlp: tagger.Tagger, paths: list[Path], half: str) -> Iterator[Case]:
    """Every name with a code in the bracket after it, in the text without those brackets."""
    lexicon = Lexicon.load()
    documents = [each for each in _documents(paths) if half in ("all", _half(each.text))]
    for document in nlp.pipe(documents):
        text, published = document.text, document.published
        day = published.isoformat() if published else None
        tickers = [entity for entity in document.entities if entity.label == "TICKER"]
        named, cuts = [], []
        for bracket in _BRACKET.finditer(text):
            inside = [each for each in tickers if bracket.start() < each.start < bracket.end()]
            cuts += [bracket.span()] if inside else []
            if len(inside) == 1 and inside[0].id:
                start = _name_start(document, bracket.start(), inside[0].id, lexicon)
                if start is not None:
                    named.append((start, bracket.start(), inside[0].id))
        bare, moved = _without(text, cuts)
        for start, end, identifier in named:
            case = Case(bare, day, moved[start], moved[end], identifier)
            if not _goes_on(case, lexicon):
                yield case


def _without(text: str, cuts: list[tuple[int, int]]) -> tuple[str, dict[int, int]]:
    """The text without the spans, and where in it each position outside of them is."""
    bare, position = "", 0
    moved: dict[int, int] = {}
    for start, end in [*cuts, (len(text), len(text))]:
        moved |= {each: len(bare) + each - position for each in range(position, start + 1)}
        bare += text[position:start] + _gap(text, start, end)
        position = end
    return bare, moved


def _gap(text: str, start: int, end: int) -> str:
    """A space where a code parted a Latin letter from a figure: 南玻A 3237万股."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return " " if f"{before}{after}".isascii() and before.isalnum() and after.isalnum() else ""


def _name_start(document: Document, end: int, identifier: str, lexicon: Lexicon) -> int | None:
    """Where the name that ends in front of a bracket begins: a name that the tables have for the
    code, else the company that the tagger sees there with the code's help."""
    plain = normalize(document.text[:end])
    known = {
        name
        for entry in lexicon.entries_with_id(identifier)
        for name in (entry.name, *entry.aliases)
        if plain.endswith(normalize(name))
    }
    if known:
        return end - max(map(len, known))
    for entity in document.entities:
        if entity.end == end and entity.label == "COMPANY":
            warned = _WARNED.search(entity.text)
            return entity.start + (warned.start() if warned else 0)
    return None


def _goes_on(case: Case, lexicon: Lexicon) -> bool:
    """Whether the code stood in or behind another's name: 国泰君安(601211)国际,
    法国兴业银行(601166), 交通银行(601328)昆山分行."""
    for match in lexicon.match(normalize(case.text)):
        around = match.start <= case.start < case.end <= match.end
        if around and match.end - match.start > case.end - case.start:
            return all(entry.id != case.id for entry in match.entries)
    return _PART.match(case.text, case.end) is not None


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
    touching = [
        each
        for each in document.entities
        if each.start < case.end and case.start < each.end and each.label != "TICKER"
    ]
    for entity in touching:
        if entity.id == case.id:
            return "right", entity.id
    for entity in touching:
        if entity.id and entity.label not in ("LOCATION", "PERSON"):
            same = case.id in other_listings(entity.id) or entity.id in other_listings(case.id)
            return ("other listing" if same else "wrong"), entity.id
    if not touching:
        return "not found", None
    whole = any((each.start, each.end) == (case.start, case.end) for each in touching)
    return ("no id" if whole else "not found"), touching[0].text


if __name__ == "__main__":
    typer.run(main)
