"""Gives freed memory back to the system while training."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

# Batches of ever other lengths leave holes that glibc keeps: without this, a run of half an hour
# reached 8 GiB.
EVERY_STEPS = 20


def give_back() -> None:
    """Returns what is free to the system where the C library can (glibc); else does nothing."""
    library = _c_library()
    if library is not None:
        library.malloc_trim(0)


@cache
def _c_library() -> Any:
    try:
        library = ctypes.CDLL("libc.so.6")
        return library if hasattr(library, "malloc_trim") else None
    except OSError:
        return None
