"""Arithmetic that keeps every digit: decimals, and fractions where no decimal is exact."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, Rounded
from fractions import Fraction

from tagger.document import Number

# Rounding is an error, not a habit: more digits than any number that is read here may have.
EXACT = Context(prec=400, traps=[Inexact, Rounded])


def product(value: Number, factor: Decimal) -> Number:
    """The value times the factor, without zeros after the point."""
    if isinstance(value, Fraction):
        return value * Fraction(factor)
    if factor == 1:
        return value
    product = EXACT.multiply(value, factor)
    whole = product.to_integral_value(context=EXACT)
    return plain(whole) if product == whole else product.normalize(EXACT)


def shifted(value: Decimal, power: int) -> Decimal:
    """The value times ten to the power, written without an exponent."""
    if power == 0:
        return value
    result = EXACT.scaleb(value, power)
    whole = result.to_integral_value(context=EXACT)
    return plain(whole) if result == whole else result


def plain(whole: Decimal) -> Decimal:
    """A whole number without an exponent: 2.15E+6 as 2150000."""
    exponent = whole.as_tuple().exponent
    return (
        EXACT.quantize(whole, Decimal(1)) if isinstance(exponent, int) and exponent > 0 else whole
    )


def decimal_or_fraction(value: Fraction) -> Number:
    """The value as a decimal where a decimal can hold it."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return value
    return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
