"""Any number of articles through a tagger, in this process or in several, in input order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from tagger.units import UNIT_ARTICLES, Item, Loader, cut_units
from tagger.workers import Finish, InProcess, R, Runner, Workers, results

Batch = Callable[[Iterable[Item]], Iterator[Item]]


@contextmanager
def open_batch(load: Loader, *, jobs: int = 1, batch_size: int = UNIT_ARTICLES) -> Iterator[Batch]:
    """Loads the tagger and gives what tags articles with it, in ``jobs`` processes.

    ``with open_batch(tagger.load) as batch: outcomes = batch(documents)``. Each article comes out
    once, in input order: tagged, or as a :class:`~tagger.readers.ReadError` that says what kept it
    from being tagged and takes no other article with it. Errors of reading pass through; a text is
    made a document by ``tagger.Document(text)``.

    ``batch_size`` is the number of articles that are tagged together; neither it nor ``jobs``
    changes the records. With ``jobs`` above 1, ``load`` must be picklable and a few batches a
    process are in memory, whatever the length of the input; on Linux the processes share the
    memory of what was loaded, see :class:`~tagger.workers.Workers`. Raises what ``load`` raises,
    and ChildProcessError if that ends its process.
    """
    with open_runner(load, jobs, same) as runner:

        def batch(items: Iterable[Item]) -> Iterator[Item]:
            return results(cut_units(items, batch_size), runner)

        yield batch


@contextmanager
def open_runner(load: Loader, jobs: int, finish: Finish[R]) -> Iterator[Runner[R]]:
    """Loads the tagger in this process for one job, else in as many others; what tags units."""
    if jobs == 1:
        yield InProcess(load(), finish)
        return
    with Workers(load, jobs, finish) as workers:
        yield workers


def same(item: Item) -> Item:
    """The article itself: what is made of it where documents are wanted."""
    return item
