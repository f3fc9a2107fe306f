"""What must hold for any text: spans match it, never overlap, and numbers read back exactly."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tagger.numerals import find_quantities
from tagger.schema import GRAINS

ALPHABET = (
    "0123456789０９一二两三四五六七八九十百千万亿兆半几数零〇壹廿第每年月日号时点分秒周季度初末底上下前后"
    "今昨明去本近约超不低于过至到-—~～+,.，。:：/%％元美港币人民个家股吨兆瓦比特折成余多来以内"
    "()（）“”\n \u3000aQHFK$¥"
)
NEWS = st.text(st.sampled_from(ALPHABET), max_size=60)
REFERENCES = st.none() | st.dates() | st.datetimes()
NUMBERS = st.integers(0, 10**16 - 1)
NUMERALS = "零一二三四五六七八九"

CHEQUE = "零壹贰叁肆伍陆柒捌玖拾佰仟"


def grouped_by_spaces(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def full_width(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


def cheque(number: int) -> str:
    return chinese(number).translate(str.maketrans("零一二三四五六七八九十百千", CHEQUE))


def traditional(number: int) -> str:
    return chinese(number).translate(str.maketrans("万亿", "萬億"))


def in_parts(number: int) -> str:
    """3亿5000万, and without a part where nothing is left for it."""
    upper, lower = divmod(number // 10**4 * 10**4, 10**8)
    parts = (f"{upper}亿" if upper else "") + (f"{lower // 10**4}万" if lower else "")
    return parts if parts and number % 10**4 == 0 else str(number)


STYLES = {
    "plain": str,
    "commas": "{:,}".format,
    "spaces": grouped_by_spaces,
    "full width": full_width,
    "chinese": lambda number: chinese(number),
    "cheque": cheque,
    "traditional": traditional,
    "parts": in_parts,
}


@given(NEWS | st.text(max_size=40), REFERENCES)
@example("2月30日至2021年13月99日", date(2022, 1, 1))
@example("9999年12月31日以来近9999年", date.max)
@example("去年", date.min)
@example("1日当周库存", date.min)
@example("万零秒四数几十~每 负马赫", date.min)
@settings(max_examples=300)
def test_any_text_gives_ordered_spans_that_match_it(
    text: str, reference: date | datetime | None
) -> None:
    found = find_quantities(text, reference)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert [each.text for each in found] == [text[each.start : each.end] for each in found]
    assert all(each.text for each in found)
    assert {each.grain for each in found} <= {None, *GRAINS}
    assert found == find_quantities(text, reference)


@given(NUMBERS)
def test_arabic_numbers_read_back(number: int) -> None:
    assert _money(f"{number}元") == number
    assert _money(f"{number:,}元") == number


@given(NUMBERS, st.sampled_from(sorted(STYLES)))
def test_a_number_reads_back_in_every_style(number: int, style: str) -> None:
    assert _money(f"{STYLES[style](number)}元") == number


@given(NUMBERS)
def test_negative_numbers_read_back(number: int) -> None:
    (found,) = find_quantities(f"净利润-{number}元。")
    assert found.value == -number


@given(st.integers(1, 999), st.integers(2, 999))
def test_fractions_read_back(above: int, below: int) -> None:
    (found,) = find_quantities(f"{chinese(below)}分之{chinese(above)}")
    assert found.value == Fraction(above, below)


@given(NUMBERS)
def test_chinese_numbers_read_back(number: int) -> None:
    assert _money(chinese(number) + "元") == number


@given(st.integers(0, 10**12), st.sampled_from([("万", 4), ("亿", 8), ("万亿", 12)]))
def test_mixed_numbers_read_back(number: int, scale: tuple[str, int]) -> None:
    written = Decimal(number).scaleb(-4)
    assert _money(f"{written:f}{scale[0]}元") == Decimal(number).scaleb(scale[1] - 4)


@given(st.decimals(0, 10**9, places=6))
def test_decimals_keep_every_digit(number: Decimal) -> None:
    (found,) = find_quantities(f"上涨{number:f}%。")
    assert str(found.value) == f"{number:f}"


@given(st.dates(date(1950, 1, 1), date(2098, 12, 31)))
def test_dates_read_back(day: date) -> None:
    (found,) = find_quantities(f"截至{day.year}年{day.month}月{day.day}日")
    assert found.start_time == datetime(day.year, day.month, day.day)


@pytest.mark.parametrize(
    "unit",
    [
        *("9", "年", "(", "一", ",", "1,", "1,111,", "第", "亿", "约", "1万", "1 234", "1:", "1/2"),
        *(
            "单位：万元",
            "百分之",
            '"百分之"',
            "三分之",
            "一又",
            "翻番",
            "每10股",
            "10派",
            "1元当日",
            "1/",
            "1块",
            "1、",
            "一和",
            "2021、",
            "2021/22/",
            "个亿",
            "个多亿",
            "$1-2m-",
            "9月1日9:30，",
            "|占比(%)|b\n|1|2\n",
            "\t1(%)",
        ),
    ],
)
def test_long_runs_of_one_pattern_return(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    assert all(each.text for each in find_quantities(text, date(2022, 1, 1)))


def _money(text: str) -> object:
    (found,) = find_quantities(f"支付{text}。")
    assert found.label == "MONEY"
    return found.value


def chinese(number: int) -> str:
    """The usual Chinese numeral of a number below 10^16."""
    if number == 0:
        return NUMERALS[0]
    words = ""
    gap = False
    for power, scale in ((12, "万亿"), (8, "亿"), (4, "万"), (0, "")):
        section = number // 10**power % 10**4
        if section == 0:
            gap = bool(words)
            continue
        if words and (gap or section < 1000):
            words += NUMERALS[0]
        words += _section(section) + scale
        gap = False
    return words


def _section(number: int) -> str:
    words = ""
    gap = False
    for power, scale in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = number // 10**power % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += (NUMERALS[0] if gap else "") + NUMERALS[digit] + scale
        gap = False
    return words
