"""Clock times and parts of the day: 20:30, 上午9点半, 晚间, 14时30分."""

from __future__ import annotations

import re

from tagger.numerals.chinese_numbers import chinese_value
from tagger.numerals.date_words import Daypart, date_contexts, date_vocabulary
from tagger.numerals.when import When

_CHINESE_HOUR = "二十[一二三四]?|十[一二三四五六七八九]?|[零一两二三四五六七八九]"
_CHINESE_SIXTY = "[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九]"
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
# From here on a part of the day may run past midnight, up to where the next day begins.
_EVENING, _MORNING = 18, 5
# 8点到10点: two figures that a range joins are hours of the day.
_RANGE_OF_HOURS = re.compile(
    r"(?:[01]?\d|2[0-4])点(?:半|[0-5]\d分?)?[-~至到—–](?:[01]?\d|2[0-4])点(?!\d)"
)


def read_clock(text: str, start: int, when: When, after_date: bool) -> int:
    """Reads a part of the day and a clock time at ``start`` into ``when``; where they end.

    Returns ``start`` where neither stands there. Alone (not ``after_date``), 3点 counts only with
    a part of the day before it or something around it that says clock: 3点半, 9点许, 8点到10点.
    """
    vocabulary = date_vocabulary()
    position = start + 1 if after_date and text.startswith(" ", start) else start
    character = text[position : position + 1]
    if not character:
        return start
    if character.isdigit():
        hours = _HOURS.match(text, position)
        if hours is not None and int(hours["first"]) < int(hours["last"]):
            # 0-24时: the hours from the first to the last.
            when.hours = (int(hours["first"]), int(hours["last"]))
            return hours.end()
        return _clock_time(text, start, position, when, after_date)
    zone = vocabulary.zones.at(text, position) if after_date else None
    if zone is not None:
        end = read_clock(text, position + len(zone[0]), when, after_date)
        if end == position + len(zone[0]):
            return start
        when.zone = when.zone or zone[1]
        return end
    daypart = vocabulary.dayparts.at(text, position)
    if daypart is None:
        return _clock_time(text, start, position, when, after_date)
    word, part = daypart
    position += len(word)
    match = _clock_at(text, _space(text, position))
    if match is None:
        if not (after_date or part.alone):
            return start
        if not part.stands(text, position):
            return start
        if word[-1] == "早" and not after_date:
            return start
    when.hours = part.hours
    # 9月3日当晚 says its day.
    when.back = when.back or (part.back and not after_date)
    if match is None:
        return position
    _fill(when, match, part)
    return match.end()


def _clock_time(text: str, start: int, position: int, when: When, after_date: bool) -> int:
    match = _clock_at(text, position)
    if match is None:
        return start
    if not after_date and match.re is _SPOKEN and not _says_clock(text, start, match):
        return start
    _fill(when, match, None)
    return match.end()


def _clock_at(text: str, position: int) -> re.Match[str] | None:
    return _COLON.match(text, position) or _SPOKEN.match(text, position)


def _says_clock(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether 3点 is a clock time and no number of points or of things to say."""
    contexts = date_contexts()
    before, after = text[start - 1 : start], text[match.end() : match.end() + 1]
    if before and before in contexts["points_before"]:
        return False
    if match["unit"] != "点" or match["hour"][0] in "六七八九十":
        return True
    if any(match[group] for group in ("half", "quarter", "round", "minute")):
        return True
    if match["bare"] or not match["hour"].isascii():
        return False
    if _RANGE_OF_HOURS.match(text, start) is not None:
        return True
    return (before in ("", "\n") or before in contexts["clock_before"]) and (
        after in ("", "\n") or after in contexts["clock_after"]
    )


def _fill(when: When, match: re.Match[str], part: Daypart | None) -> None:
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
    when.hour = _hour_of_day(hour, part) if part is not None else hour
    when.minute = _number(minute) if minute else None
    when.second = _number(match["second"]) if match["second"] else None


def _hour_of_day(hour: int, part: Daypart) -> int:
    """The hour of 24 that a clock hour after a part of the day means."""
    first, last = part.hours
    if part.shift and hour <= 12 and not first <= hour < last:
        # 晚上12点 ends the day; 中午11点 and 中午12点 stay.
        if hour == 12:
            return 24
        if first >= _EVENING and hour < _MORNING:
            # 深夜1点 is after midnight.
            return 24 + hour
        return hour if first == 12 and hour >= 10 else hour + part.shift
    if first == 0 and last <= 6 and hour == 12:
        return 0
    return hour


def _number(digits: str) -> int:
    if digits.isdigit() and digits.isascii():
        return int(digits)
    value = chinese_value(digits.removeprefix("零").removeprefix("〇") or "零")
    return int(value) if value is not None else 0


def _space(text: str, position: int) -> int:
    return position + 1 if text.startswith(" ", position) else position
