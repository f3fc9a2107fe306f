"""A country and a place in it that were taken for one name: 波兰罗兹 are two."""

from __future__ import annotations

import re

from tagger.lexicon import Lexicon

# 马里兰州, 加纳利群岛 and 大马尼拉 lie elsewhere; a chain inside of the others is one name.
_GO_ON_OTHERWISE = re.compile(r"马里|加纳利|大马|香港|澳门|台湾")
_LONGEST_COUNTRY = 16
_SHORTEST_PLACE = 2
# What goes on a country's name and is no place in it: 美国东北部, 中国大陆, 约旦河西岸, 朝鲜半岛.
_REGION = re.compile(
    r"[^\w]|[东西南北中]{1,2}(?:[部方面端侧岸境麓]|海岸|大陆|地区|$)|[东西南北华]{2}|大陆|内[地陆]"
)
_GOES_ON = re.compile(
    r"[中全各]地|沿|境|边境|半岛|群岛|诸岛|列岛|岛链|海[峡域沟岸军底]|河|湾|湖|洋|高原|盆地|火山|大使|"
    r"本[土部]|本岛|领[土空海事]|国[会土内旗家际]|地区|首都|政府|共和|联邦|驻|总|航天|空间"
)
# A building or works is one name with its country's, unless a place stands between them.
_WORKS = re.compile(r".*(?:[院园厂场站馆]|基地|大厦|中心)$")
_OF_CHINA = re.compile(r"香港|澳门|台[湾北中南]|.*(?:大厦|楼|银行)|尊")


def country_before(name: str, lexicon: Lexicon) -> int:
    """The length of the country's name that stands before a place's in ``name``; 0 if none does."""
    if _GO_ON_OTHERWISE.match(name):
        return 0
    for end in range(min(_LONGEST_COUNTRY, len(name) - _SHORTEST_PLACE), 1, -1):
        if not any(_is_country(each.id) for each in lexicon.entries(name[:end])):
            continue
        if _REGION.match(name, end) or (name.startswith("中国") and _OF_CHINA.match(name, end)):
            return 0
        if lexicon.is_place(name[end:]):
            return end
        if _GOES_ON.match(name, end) or lexicon.is_place(name):
            return 0
        # Of places in China all that news speak of are known: 中国路桥 is none.
        doubtful = name.startswith("中国") or _WORKS.match(name, end)
        return 0 if doubtful and not _begins_with_place(name[end:], lexicon) else end
    return 0


def _begins_with_place(name: str, lexicon: Lexicon) -> bool:
    return any(lexicon.is_place(name[:end]) for end in range(2, len(name)))


def _is_country(code: str) -> bool:
    """Whether a code is one of ISO 3166-1."""
    return len(code) == 2 and code.isascii() and code.isalpha()
