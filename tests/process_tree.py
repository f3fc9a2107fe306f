"""The processes that a process has started, and their memory, as Linux tells in /proc."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    """What a process holds, in bytes.

    ``private`` is held by no other process; ``inherited`` is shared and no file's: what a fork has
    of the process that it was forked from. ``proportional`` adds up over processes: what several
    hold is divided among them.
    """

    resident: int
    private: int
    inherited: int
    proportional: int


def children(process: int) -> list[int]:
    """The processes that a process has started and that are still there."""
    found = []
    for each in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(child) for child in each.read_text().split()]
        except OSError:  # it has just ended
            continue
    return found


def descendants(process: int) -> list[int]:
    """Its children, theirs and so on, each before those that it started."""
    return [each for child in children(process) for each in (child, *descendants(child))]


def workers(process: int) -> list[int]:
    """The processes below a process that have none below them: a batch's workers."""
    return [each for each in descendants(process) if not children(each)]


def memory(process: int) -> Memory:
    """What a process holds. Raises OSError if it has ended."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    held = {line.split(":")[0]: int(line.split()[1]) << 10 for line in lines}
    return Memory(
        held["Rss"],
        held["Private_Clean"] + held["Private_Dirty"],
        held["Shared_Dirty"],
        held["Pss"],
    )


def is_alive(process: int) -> bool:
    """Whether a process runs; one that has ended and that nobody asked for does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def wait_for_end(processes: list[int], seconds: float) -> list[int]:
    """Those that still run after so many seconds."""
    deadline = time.monotonic() + seconds
    while (left := [each for each in processes if is_alive(each)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left
