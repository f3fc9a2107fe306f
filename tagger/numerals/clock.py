"""Clock times and parts of the day: 20:30, 上午9点半, 晚间, 14时30分."""

from __future__ import annotations

import re

from tagger.numerals.calendar import When
from tagger.numerals.date_words import date_vocabulary
from tagger.numerals.number import chinese_value

_CHINESE_HOUR = "二十[一二三四]?|十[一二三四五六七八九]?|[零一两二三四五六七八九]"
_CHINESE_SIXTY = "[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九]"
# Before a number of points: 涨三点, 报十点.
# 早盘, 晚报, 夜市: after one of these a single 早, 晚 or 夜 is no time.
_MEALS = tuple("盘报宴餐会市场景经")
_MOVES = tuple("涨跌升降挫扬报高低约近超多少有这几第")
_COLON = re.compile(
    r"(?P<hour>[01]?\d|2[0-4])[:：](?P<minute>[0-5]\d)"
    r"(?:[:：](?P<second>[0-5]\d)(?:\.\d{1,6}(?!\d))?)?(?![\d:：])(?P<half>[ap]m)?"
)
_HOURS = re.compile(
    r"(?P<first>[01]?\d|2[0-4])时?[-~至到—–](?P<last>[01]?\d|2[0-4])时(?![代期间候刻段任报下分])"
)
_SPOKEN = re.compile(
    rf"(?P<hour>[01]?\d|2[0-4]|{_CHINESE_HOUR}) ?(?P<unit>时(?![代期间候刻段任报下])|点钟?)"
    rf"(?:(?P<half>半)|(?P<quarter>[一三]刻)|(?P<round>整|正)"
    rf"|(?:过?(?P<minute>[0-5]?\d|{_CHINESE_SIXTY})分(?!之)(?:(?P<second>[0-5]?\d|{_CHINESE_SIXTY})秒)?"
    rf"|(?P<bare>[0-5]\d|[二三四五]?十[一二三四五六七八九]?|[零〇][一二三四五六七八九])(?![\d.%％万亿千百]))?)"
    r"(?P<about>许|左右|前后)?"
)


def read_clock(text: str, start: int, when: When, after_date: bool) -> int:
    """Reads a part of the day and a clock time at ``start`` into ``when``; where they end.

    Returns ``start`` where neither stands there. Alone (not ``after_date``), 3点 counts only with
    a part of the day before it or something after it that says clock: 3点半, 9点许.
    """
    vocabulary = date_vocabulary()
    position = _space(text, start) if after_date else start
    hours = _HOURS.match(text, position)
    if hours is not None and int(hours["first"]) < int(hours["last"]):
        # 0-24时: the hours from the first to the last.
        when.hours = (int(hours["first"]), int(hours["last"]))
        return hours.end()
    zone = vocabulary.zones.at(text, position)
    if zone is not None:
        if not after_date:
            return start
        when.zone = zone[1]
        position += len(zone[0])
    daypart = vocabulary.dayparts.at(text, position)
    shift, end = 0, start
    if daypart is not None:
        word, part = daypart
        position += len(word)
        follows = _clock_at(text, _space(text, position))
        if follows is None and not (after_date or part.alone):
            return start
        if follows is None and len(word) == 1 and text[position : position + 1] in _MEALS:
            return start
        if word[-1] == "早" and not after_date and follows is None:
            return start
        when.hours, shift, end = part.hours, part.shift, position
        match = follows
    else:
        match = _clock_at(text, position)
    if match is None:
        return end
    alone = daypart is None and not after_date and match.re is _SPOKEN
    if alone and (not _says_clock(match) or text[start - 1 : start] in _MOVES):
        return end
    _fill(when, match, shift)
    return match.end()


def _clock_at(text: str, position: int) -> re.Match[str] | None:
    return _COLON.match(text, position) or _SPOKEN.match(text, position)


def _says_clock(match: re.Match[str]) -> bool:
    if match["unit"] == "时" or match["hour"][0] in "六七八九十":
        return True
    return match["unit"] == "点钟" or any(
        match[group] for group in ("half", "quarter", "round", "minute")
    )


def _fill(when: When, match: re.Match[str], shift: int) -> None:
    hour = _number(match["hour"])
    minute = match["minute"]
    if match.re is _COLON:
        if match["half"] == "pm" and hour < 12:
            hour += 12
    elif match["half"]:
        minute = "30"
    elif match["quarter"]:
        minute = "15" if match["quarter"][0] == "一" else "45"
    elif match["bare"]:
        minute = match["bare"]
    elif match["round"]:
        minute = "0"
    hours = when.hours
    if shift and hour <= 12 and not (hours and hours[0] <= hour < hours[1]):
        # 晚上12点 ends the day, 中午11点 and 中午12点 stay.
        hour = 24 if hour == 12 else hour + shift
    elif hours and hours[0] == 0 and hours[1] <= 6 and hour == 12:
        hour = 0
    when.hour = hour
    when.minute = _number(minute) if minute else None
    when.second = _number(match["second"]) if match["second"] else None


def _number(digits: str) -> int:
    if digits.isdigit() and digits.isascii():
        return int(digits)
    value = chinese_value(digits.removeprefix("零").removeprefix("〇") or "零")
    return int(value) if value is not None else 0


def _space(text: str, position: int) -> int:
    return position + 1 if text.startswith(" ", position) else position
