"""Which part of a web page is the article."""

from __future__ import annotations

from collections import defaultdict

from selectolax.lexbor import LexborNode

from tagger.readers.layout import BLOCKS, HEADINGS, TEXT, walk

_SAYING_SO = ('[itemprop="articleBody"]', "article", "main", '[role="main"]')
# Where the marked-up part holds less than this share of the page's prose, it is a teaser.
_LEAST_SHARE = 0.4
_PARAGRAPHS = HEADINGS | frozenset(("p", "li", "blockquote", "pre", "tr", "td", "dd", "figcaption"))
_PUNCTUATION = "，。；：、！？,;"
# Prose has a mark about every ten characters, menus and headlines have none.
_WORTH_OF_PUNCTUATION = 10


def main_content(body: LexborNode) -> LexborNode:
    """The element that holds the article: what the page marks as such, else the densest prose.

    Prose is text outside links, weighed by its punctuation and credited to the element around its
    paragraphs, and by half to the one around that. Returns ``body`` where there is none.
    """
    prose = _prose(body)
    total = sum(prose.own.values())
    if not total:
        return body
    for selector in _SAYING_SO:
        for node in body.css(selector):
            if prose.within[node.mem_id] >= _LEAST_SHARE * total:
                return node
    return prose.densest(body)


class _Prose:
    """How much prose every block of a page holds, by itself and with all below it."""

    def __init__(self) -> None:
        self.own: dict[int, float] = defaultdict(float)
        self.within: dict[int, float] = defaultdict(float)
        self.blocks: dict[int, LexborNode] = {}

    def densest(self, body: LexborNode) -> LexborNode:
        """The element with the most credit."""
        credit: dict[int, float] = defaultdict(float)
        nodes: dict[int, LexborNode] = {body.mem_id: body}
        for key, amount in self.own.items():
            node = self.blocks[key]
            holder = node.parent if node.tag in _PARAGRAPHS else node
            share = amount
            for _ in range(2):
                if holder is None or holder.tag in ("html", None):
                    break
                nodes[holder.mem_id] = holder
                credit[holder.mem_id] += share
                holder, share = holder.parent, share / 2
        best = max(credit, key=lambda key: credit[key], default=body.mem_id)
        return nodes[best]


def _prose(body: LexborNode) -> _Prose:
    prose = _Prose()
    around: list[int] = []
    links = 0
    for node, entering in walk(body):
        tag = node.tag or ""
        if tag == TEXT:
            if around and not links:
                prose.own[around[-1]] += _weight(node.text(deep=False))
        elif tag == "a":
            links += 1 if entering else -1
        elif tag in BLOCKS or tag in _PARAGRAPHS:
            if entering:
                around.append(node.mem_id)
                prose.blocks[node.mem_id] = node
            else:
                key = around.pop()
                prose.within[key] += prose.own.get(key, 0.0)
                if around:
                    prose.within[around[-1]] += prose.within[key]
    return prose


def _weight(text: str) -> float:
    said = "".join(text.split())
    marks = sum(said.count(mark) for mark in _PUNCTUATION)
    return min(len(said), marks * _WORTH_OF_PUNCTUATION) + 0.1 * len(said)
