"""Publication times as Chinese sites and feeds write them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

WRITTEN = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:\s*(?:T|[（(]?(?:星期|周)[一二三四五六日天][)）]?)?\s*(?P<half>上午|下午|晚上?|凌晨)?\s*"
    r"(?P<hour>\d{1,2})\s*[:：时時点]\s*(?P<minute>\d{1,2})?\s*分?"
    r"(?:\s*[:：]?\s*(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?\s*秒?)?)?"
    r"\s*(?P<zone>Z|(?:UTC|GMT)?\s*[+\-−]\s*\d{1,2}(?::?\d{2})?|UTC|GMT|北京时间)?",
    re.IGNORECASE,
)
# What is said of a value that cannot be read.
NO_DATE = "is no date or time such as 2022-02-18 or 2022-02-18T18:38:33+08:00"

_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_OFFSET = re.compile(r"([+\-−])\s*(\d{1,2}):?(\d{2})?")
_BEIJING = timezone(timedelta(hours=8))
_MILLISECONDS_FROM = 10**11
_AFTERNOON = ("下午", "晚", "晚上")


def read_published(value: Any, zone_name: str | None = None) -> datetime | None:
    """The time that a field holds, with the zone that is written; None if it cannot be read.

    Reads ISO 8601, ``2022年02月18日 18:38``, ``2022/2/18``, ``20220218`` as text or a number, RFC
    2822, Unix seconds and milliseconds, dates and datetimes. ``zone_name`` is the IANA zone given
    to a time that is written without one, and in which Unix times are told, in UTC else: only so
    is 昨日 the day before in a morning's news of Beijing.
    """
    zone = ZoneInfo(zone_name) if zone_name is not None else None
    try:
        found = _read(value, zone or UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if found is not None and found.tzinfo is None:
        return found.replace(tzinfo=zone)
    return found


def find_published(text: str) -> datetime | None:
    """The first date with a time of day in a line of text, None where there is none."""
    for match in WRITTEN.finditer(text):
        if match["hour"]:
            return read_published(match[0])
    return None


def _read(value: Any, unix_zone: tzinfo) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_number(value, unix_zone)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if match := WRITTEN.fullmatch(text.removeprefix("北京时间").strip()):
        return _from_written(match, beijing=text.startswith("北京时间"))
    # Where some are missing, tables make floats of whole numbers.
    digits = text.removesuffix(".0")
    if digits.isdecimal() and digits.isascii():
        if match := _COMPACT.fullmatch(digits):
            return _from_compact(match)
        return _from_number(int(digits), unix_zone) if len(digits) in (10, 13) else None
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    return _from_mail(text)


def _from_written(match: re.Match[str], *, beijing: bool) -> datetime:
    hour = int(match["hour"] or 0)
    if match["half"] in _AFTERNOON and hour < 12:
        hour += 12
    second, fraction = int(match["second"] or 0), (match["fraction"] or "").ljust(6, "0")[:6]
    return datetime(
        int(match["year"]),
        int(match["month"]),
        int(match["day"]),
        hour,
        int(match["minute"] or 0),
        second,
        int(fraction),
        tzinfo=_BEIJING if beijing else _zone(match["zone"]),
    )


def _from_compact(match: re.Match[str]) -> datetime:
    return datetime(*(int(part) for part in match.groups() if part))  # type: ignore[arg-type]


def _zone(written: str | None) -> timezone | None:
    if not written:
        return None
    if written == "北京时间":
        return _BEIJING
    offset = _OFFSET.search(written)
    if offset is None:
        return UTC
    size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(size if offset[1] == "+" else -size)


def _from_number(value: float, unix_zone: tzinfo) -> datetime | None:
    """A compact date or Unix time; small numbers are years or counters and say no time."""
    if value == int(value) and (match := _COMPACT.fullmatch(str(int(value)))):
        return _from_compact(match)
    if value < 10**8:
        return None
    seconds = value / 1000 if value >= _MILLISECONDS_FROM else value
    return datetime.fromtimestamp(seconds, unix_zone)


def _from_mail(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, IndexError):
        return None
