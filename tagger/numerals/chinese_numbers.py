"""The value of Chinese numerals: 一万二千三百四十五, 两亿三, 二〇二一, 廿三, 三四百."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

DIGIT_VALUES = {each: value for value, group in enumerate(
    ("〇零", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for each in group}  # fmt: skip
_POWERS = {"十": 1, "拾": 1, "百": 2, "佰": 2, "千": 3, "仟": 3, "万": 4, "亿": 8, "兆": 12}
_TENS = {"廿": 20, "卅": 30}


@cache
def scale_power(scale: str) -> int:
    """The power of ten that 万, 十亿, 万亿 or 个亿 stands for."""
    return sum(_POWERS[each] for each in scale if each in _POWERS)


def chinese_value(body: str) -> Decimal | None:
    """The value of Chinese numerals: 一万二千三百四十五, 两亿三, 二〇二一, 廿三.

    None for what is no number (一二, 百十千).
    """
    if len(body) > 1 and all(each in DIGIT_VALUES for each in body):
        # 三四 is three or four, 二〇二一 is digit by digit.
        if len(body) < 3 and "〇" not in body and "零" not in body:
            return None
        return Decimal("".join(str(DIGIT_VALUES[each]) for each in body))
    total: list[tuple[int, int]] = []
    pending: int | None = None
    last_power = 0
    zero = False
    for character in body:
        if character in _TENS:
            total.append((_TENS[character], 1))
            last_power, pending = 1, None
            continue
        digit = DIGIT_VALUES.get(character)
        if digit is not None:
            if pending:
                return None
            zero = digit == 0
            pending = digit
            continue
        power = _POWERS[character]
        if power < 4:
            amount = 1 if pending is None or (pending == 0 and zero) else pending
            if total and total[-1][1] <= power:
                return None
            total.append((amount * 10**power, power))
        else:
            lower = pending or 0
            while total and total[-1][1] < power:
                lower += total.pop()[0]
            if not lower and total:
                if last_power < 4:
                    return None
                lower, _ = total.pop()
            total.append(((lower or 1) * 10**power, power))
        last_power, pending, zero = power, None, False
    if pending:
        # 两亿三 is 2.3 亿, but 一百零三 is 103 and 二十三 is 23.
        short = last_power >= 2 and len(body) > 1 and body[-2] not in "零〇"
        total.append((pending * 10 ** (last_power - 1) if short else pending, 0))
    return Decimal(sum(amount for amount, _ in total))


def neighbouring_digits(body: str) -> Decimal | None:
    """三四百, 七八, 三五: two digits in a row name a vague figure; its floor is the first.

    None for what is no such figure.
    """
    if len(body) < 2 or body[0] not in "一二两三四五六七八" or body[1] not in DIGIT_VALUES:
        return None
    first, second = DIGIT_VALUES[body[0]], DIGIT_VALUES[body[1]]
    if second - first != 1 and (first, second) != (3, 5):
        return None
    if any(each in DIGIT_VALUES for each in body[2:]):
        return None
    return chinese_value(body[0] + body[2:])
