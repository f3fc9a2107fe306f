"""Any number of articles through a tagger, in this process or in several, in input order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from tagger.units import UNIT_ARTICLES, Item, Loader, cut_units, tag_unit
from tagger.workers import Workers

Batch = Callable[[Iterable[Item]], Iterator[Item]]


@contextmanager
def open_batch(load: Loader, *, jobs: int = 1, batch_size: int = UNIT_ARTICLES) -> Iterator[Batch]:
    """Loads the tagger, once in each of ``jobs`` processes, and gives what tags articles with it.

    ``with open_batch(tagger.load) as batch: outcomes = batch(documents)``. Each article comes out
    once, in input order: tagged, or as a :class:`~tagger.readers.ReadError` that says what kept it
    from being tagged and takes no other article with it. Errors of reading pass through.

    ``batch_size`` is the number of articles that are tagged together; it may move scores slightly,
    while ``jobs`` changes nothing in the records. With ``jobs`` above 1, ``load`` must be picklable
    and a few batches a process are in memory, whatever the length of the input. Raises what
    ``load`` raises.
    """
    if jobs == 1:
        tag = partial(tag_unit, load())
        yield lambda items: (each for unit in cut_units(items, batch_size) for each in tag(unit))
        return
    with Workers(load, jobs) as workers:
        yield lambda items: (
            each for unit in workers.tag(cut_units(items, batch_size)) for each in unit
        )
