"""Holidays, the lunar calendar, the published table of parts, and what no calendar knows."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from time_expressions import REFERENCE, times

from tagger.numerals import find_quantities
from tagger.numerals.dates import read_date, read_whole_date

DOCUMENTATION = Path(__file__).parents[1] / "docs" / "quantities.md"
REFERENCES = (
    None,
    date.min,
    date.max,
    datetime.min,
    datetime.max,
    datetime(2024, 2, 29, 23, 59, 59, 999_999),
    datetime.max.replace(tzinfo=UTC),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=8))),
)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("春节假期出行", ["DATE 春节假期 [2022-02-01, 2022-02-08) day"]),
        ("2022年春节期间", ["DATE 2022年春节 [2022-02-01, 2022-02-02) day"]),
        ("除夕当日", ["DATE 除夕当日 [2022-01-31, 2022-02-01) day"]),
        ("国庆节前", ["DATE 国庆节前 [2022-02-18, 2022-10-02) day"]),
        ("腊月初十开业", ["DATE 腊月初十 [2022-01-12, 2022-01-13) day"]),
        ("农历八月十五", ["DATE 农历八月十五 [2022-09-10, 2022-09-11) day"]),
        ("闰四月初八", ["DATE 闰四月初八 day"]),
        ("2020年闰四月", ["DATE 2020年闰四月 [2020-05-23, 2020-06-21) month"]),
        ("正月初六复工", ["DATE 正月初六 [2022-02-06, 2022-02-07) day"]),
        ("2022年清明", ["DATE 2022年清明 [2022-04-05, 2022-04-06) day"]),
        ("2021年冬至", ["DATE 2021年冬至 [2021-12-21, 2021-12-22) day"]),
        ("立春以来", ["DATE 立春以来 [2022-02-04, 2022-02-19) day"]),
        ("今年母亲节", ["DATE 今年母亲节 [2022-05-08, 2022-05-09) day"]),
        ("大年初六当天", ["DATE 大年初六当天 [2022-02-06, 2022-02-07) day"]),
        ("元旦假期", ["DATE 元旦假期 [2022-01-01, 2022-01-04) day"]),
        ("清明假期出行", ["DATE 清明假期 [2022-04-05, 2022-04-08) day"]),
        ("2021年端午节当天", ["DATE 2021年端午节当天 [2021-06-14, 2021-06-15) day"]),
        ("春节前后", ["DATE 春节前后 [2022-02-01, 2022-02-02) day ~"]),
    ],
)
def test_holidays_lunar_days_and_solar_terms(sentence: str, expected: list[str]) -> None:
    assert times(sentence) == expected


def _published_parts() -> dict[str, tuple[str, str]]:
    """Each expression of the tables in ``docs/quantities.md`` with where it begins and ends.

    The head of a table says what its words stand after.
    """
    section = DOCUMENTATION.read_text(encoding="utf-8").split("## Dates and times")[1]
    published: dict[str, tuple[str, str]] = {}
    before = ""
    for first, start, end in re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", section, re.M):
        if start == "from":
            before = first.removeprefix("after ")
        else:
            published |= {before + word: (start, end) for word in first.split("、")}
    return published


def _as_published(text: str) -> tuple[str, str]:
    (found,) = find_quantities(text)
    assert found.start_time is not None and found.end_time is not None
    if found.grain == "daypart":
        return f"{found.start_time:%H:%M}", f"{found.end_time:%H:%M}".replace("00:00", "24:00")
    return f"{found.start_time:%Y-%m-%d}", f"{found.end_time:%Y-%m-%d}"


def test_the_published_parts_of_day_month_and_year_are_those_of_the_code() -> None:
    published = _published_parts()
    assert len(published) > 70
    assert {text: _as_published(text) for text in published} == published


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize(
    "text",
    [
        "13月5日，4月31日，2月30日，2021年13月99日，99:99，25时",
        "9999年12月31日以来，9999年底前，近9999年，0年前，10000年后，9999个交易日后",
        "闰四月初八，闰十二月，农历正月三十，2099年除夕，1900年冬至，9999年春季",
        "2021年9月3日至北京时间9月5日8时，美东时间9月3日9:30至10月4日",
        "昨日至次日，22时至次日2时，次年2月29日，去年2月29日，上世纪末至今",
    ],
)
def test_no_date_raises_or_ends_before_it_begins(
    text: str, reference: date | datetime | None
) -> None:
    for found in find_quantities(text, reference):
        if found.start_time is not None and found.end_time is not None:
            assert found.start_time < found.end_time


@pytest.mark.parametrize(
    "written",
    ["2021年12月31日", "2021年9月", "2021年", "9月24日", "12月", "2021年2月30日", "1月1日"],
)
def test_the_short_cut_for_dates_in_figures_reads_what_the_whole_reader_reads(written: str) -> None:
    for before in ("", "于", "北京时间", "前"):
        for after in "，。 的度份至-底末晚上5、（公报第前后以来起内周春元号日月中年同期财初旬左至":
            text = f"{before}{written}{after}今日"
            for reference in (None, datetime(2022, 1, 15, 9, 30)):
                whole = read_whole_date(text, len(before), reference)
                assert read_date(text, len(before), reference) == whole


def test_what_is_no_date_of_the_calendar_stays_open() -> None:
    assert times("2月30日和2021年4月31日", REFERENCE) == [
        "DATE 2月30日 day",
        "DATE 2021年4月31日 day",
    ]
