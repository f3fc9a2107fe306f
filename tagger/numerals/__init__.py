"""The rules layer: every quantity in financial Chinese with its exact value, no model."""

from tagger.numerals.finder import find_quantities

__all__ = ["find_quantities"]
