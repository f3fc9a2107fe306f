"""Libraries that only an extra brings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Around imports that ``what`` needs and that ``extra`` of this package brings.

    Raises ModuleNotFoundError, saying so, where one of them is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{what} needs {error.name}; install it with: pip install 'caijing-tagger[{extra}]'",
            name=error.name,
        ) from error
