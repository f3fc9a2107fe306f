"""The index of a page of many articles: their list, and counts by company and by event type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tagger.document import Document
from tagger.fillers import identity
from tagger.records import Record
from tagger.writers.html_markup import escaped
from tagger.writers.html_table import Column, sortable_table
from tagger.writers.wording import chinese_name, published_text

_NAMED = 4


@dataclass(slots=True)
class _Entry:
    """What the index says of an article; companies and types by their numbers on the page."""

    heading: str
    published: str
    source: str
    entities: int
    quantities: int
    records: int
    companies: Counter[int]
    types: Counter[int]


@dataclass(slots=True)
class _Facet:
    """A company or an event type: in how many articles it is found and how many times in all."""

    name: str
    detail: str
    articles: int = 0
    times: int = 0


class _Numbered:
    """Numbers what is counted, in order of appearance."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.facets: list[_Facet] = []

    def number(self, key: str, name: str, detail: str) -> int:
        number = self._numbers.setdefault(key, len(self.facets))
        if number == len(self.facets):
            self.facets.append(_Facet(name, detail))
        return number

    def count(self, numbers: Iterable[int]) -> Counter[int]:
        counts = Counter(numbers)
        for number, times in counts.items():
            self.facets[number].articles += 1
            self.facets[number].times += times
        return counts


class ArticleIndex:
    """Keeps a few words of every article and makes the index of them.

    A company is counted under its id, or without one under its name.
    """

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._companies = _Numbered()
        self._types = _Numbered()

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, document: Document, records: list[Record], heading: str) -> None:
        """Adds one article under its heading."""
        companies = (
            self._companies.number(identity(each), each.canonical or each.text, each.id or "")
            for each in document.entities
            if each.label == "COMPANY"
        )
        types = (
            self._types.number(each.type, chinese_name(each.type), each.type) for each in records
        )
        self._entries.append(
            _Entry(
                heading=heading,
                published=published_text(document),
                source=document.source or "",
                entities=len(document.entities),
                quantities=len(document.quantities),
                records=len(records),
                companies=self._companies.count(companies),
                types=self._types.count(types),
            )
        )

    def title(self) -> str:
        """What the page is called: its only article, or how many there are."""
        if len(self._entries) == 1:
            return self._entries[0].heading
        return f"标注结果：{len(self._entries)} 篇"

    def html(self) -> str:
        """The index, or an empty text for a page of one article."""
        if len(self._entries) == 1:
            return ""
        if not self._entries:
            return '<header class="index"><h1>标注结果</h1><p>没有文章 no articles</p></header>\n'
        records = sum(each.records for each in self._entries)
        return (
            '<header class="index" id="index">\n<h1>标注结果 <small>'
            f"{len(self._entries)} 篇文章 articles · {records} 条记录 records</small></h1>\n"
            '<div class="facets" role="search" hidden>\n<input type="search" autocomplete="off" '
            'placeholder="搜索标题、公司、代码" aria-label="搜索标题、公司、代码 search">\n'
            f"{_facet_list('companies', '公司', '提及', self._companies.facets)}"
            f"{_facet_list('types', '事件类型', '记录', self._types.facets)}</div>\n"
            f"{self._list()}</header>\n"
        )

    def pager(self) -> str:
        """Links from one of many articles to the index and to its neighbours."""
        if len(self._entries) < 2:
            return ""
        return (
            '<nav class="pager" aria-label="文章" hidden><a href="#index">← 全部文章 '
            "<small>index</small></a><a>上一篇</a><a>下一篇</a></nav>\n"
        )

    def _list(self) -> str:
        entries = self._entries
        titles = [self._article(entry, number) for number, entry in enumerate(entries)]
        columns = [
            Column("标题", "title", titles, range(len(entries))),
            _text_column("时间", "published", [entry.published for entry in entries]),
            _text_column("来源", "source", [entry.source for entry in entries]),
            _number_column("实体", [entry.entities for entry in entries]),
            _number_column("数值", [entry.quantities for entry in entries]),
            _number_column("记录", [entry.records for entry in entries]),
        ]
        rows = [
            f' data-companies="{_plain(entry.companies)}" data-types="{_plain(entry.types)}"'
            for entry in entries
        ]
        return (
            '<div class="list"><p class="selection" hidden><span role="status"></span> '
            '<button type="button" hidden>清除条件</button></p>\n'
            f"{sortable_table(columns, rows, style='cards articles')}</div>\n"
        )

    def _article(self, entry: _Entry, number: int) -> str:
        companies = entry.companies.most_common(_NAMED)
        names = "、".join(self._companies.facets[each].name for each, _ in companies)
        more = " 等" if len(entry.companies) > len(companies) else ""
        types = "、".join(
            f"{self._types.facets[each].name}\N{NO-BREAK SPACE}{times}"
            for each, times in entry.types.most_common(_NAMED)
        )
        about = " · ".join(part for part in (f"{names}{more}", types) if part)
        return f'<a href="#a{number}">{escaped(entry.heading)}</a><small>{escaped(about)}</small>'


def _facet_list(part: str, name: str, unit: str, facets: list[_Facet]) -> str:
    if not facets:
        return ""
    order = sorted(
        range(len(facets)), key=lambda each: (-facets[each].articles, -facets[each].times)
    )
    rows = "".join(
        f'<li><button type="button" aria-pressed="false" data-number="{number}">'
        f'<span class="name">{escaped(facets[number].name)} '
        f"<small>{escaped(facets[number].detail)}</small></span>"
        f"<b>{facets[number].articles}</b><small>{facets[number].times}</small></button></li>\n"
        for number in order
    )
    return (
        f'<details class="facet" data-part="{part}" open>'
        f"<summary>{name} <small>{part} · <span>{len(facets)}</span></small></summary>\n"
        f'<p class="legend" aria-hidden="true"><span>文章</span><span>{unit}</span></p>\n'
        f"<ul>\n{rows}</ul></details>\n"
    )


def _text_column(name: str, style: str, texts: list[str]) -> Column:
    return Column(name, style, list(map(escaped, texts)), [text or None for text in texts])


def _number_column(name: str, numbers: list[int]) -> Column:
    return Column(name, "number", list(map(str, numbers)), numbers)


def _plain(counts: Counter[int]) -> str:
    return " ".join(f"{number}:{times}" for number, times in counts.items())
