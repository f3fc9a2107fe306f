"""What to annotate next: the sentences that a tagger was least certain of, each once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from heapq import heappop, heappush
from typing import NamedTuple

from tagger.annotation.near_duplicates import NearDuplicates, shingles_of
from tagger.annotation.sentences import cut_sentences
from tagger.annotation.uncertainty import uncertainties, uncertainty
from tagger.document import Document

# A sentence may take the place of several; those that then move up must still be there.
_RESERVE = 2


class _Candidate(NamedTuple):
    uncertainty: float
    sentence: Document
    shingles: frozenset[str]


class _Pool:
    """The least certain sentences so far, at most ``capacity``, near-duplicates as one."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._candidates: dict[int, _Candidate] = {}
        self._alike = NearDuplicates()
        self._heap: list[tuple[float, int]] = []

    def add(self, number: int, sentence: Document, uncertainty: float) -> None:
        """Takes in a sentence; ``number`` is its place in the input, of which the first goes first
        where two are equally uncertain."""
        if len(self._candidates) == self._capacity and (uncertainty, -number) < self._least():
            return
        shingles = shingles_of(sentence.text)
        rivals = self._alike.like(shingles)
        if any(self._candidates[each].uncertainty >= uncertainty for each in rivals):
            return
        for each in rivals:
            self._remove(each)
        self._candidates[number] = _Candidate(uncertainty, sentence, shingles)
        self._alike.add(number, shingles)
        heappush(self._heap, (uncertainty, -number))
        if len(self._candidates) > self._capacity:
            self._remove(-self._least()[1])

    def ranked(self) -> list[tuple[int, _Candidate]]:
        """The sentences, the least certain first, with their numbers."""
        return sorted(self._candidates.items(), key=lambda each: (-each[1].uncertainty, each[0]))

    def _least(self) -> tuple[float, int]:
        while -self._heap[0][1] not in self._candidates:
            heappop(self._heap)
        return self._heap[0]

    def _remove(self, number: int) -> None:
        del self._candidates[number]
        self._alike.remove(number)


def least_certain(
    documents: Iterable[Document],
    count: int,
    labels: Collection[str] | None = None,
    *,
    per_label: bool = False,
) -> list[Document]:
    """The ``count`` sentences that a tagger was least certain of, the least certain first.

    Reads a stream and holds, of each label with ``per_label``, at most twice ``count`` sentences.
    Of near-duplicates the least certain stands for all, and a sentence that the tagger is sure of,
    or where it found nothing, is never among them.

    Args:
        documents: tagged documents, with their scores.
        count: how many sentences to choose.
        labels: the labels and event types that count; None means all.
        per_label: take the least certain sentences of each label and event type in turn, the
            rarest first, so that all are represented.

    Returns:
        Sentences as :func:`tagger.annotation.sentences.cut_sentences` makes them, each with its
        ``uncertainty`` (see :func:`tagger.annotation.uncertainty.uncertainty`) in ``metadata``.
    """
    if per_label:
        chosen = _balanced(documents, count, labels)
    else:
        pool = _Pool(_RESERVE * count)
        for number, sentence in enumerate(_sentences(documents)):
            if (measure := uncertainty(sentence, labels)) > 0:
                pool.add(number, sentence, measure)
        chosen = [each.sentence for _, each in pool.ranked()[:count]]
    for sentence in chosen:
        sentence.metadata["uncertainty"] = round(uncertainty(sentence, labels), 4)
    return chosen


def _sentences(documents: Iterable[Document]) -> Iterable[Document]:
    return (sentence for document in documents for sentence in cut_sentences(document))


def _balanced(
    documents: Iterable[Document], count: int, labels: Collection[str] | None
) -> list[Document]:
    pools: defaultdict[str, _Pool] = defaultdict(lambda: _Pool(_RESERVE * count))
    frequency: Counter[str] = Counter()
    for number, sentence in enumerate(_sentences(documents)):
        for label, measure in uncertainties(sentence, labels).items():
            frequency[label] += 1
            if measure > 0:
                pools[label].add(number, sentence, measure)
    rarest_first = sorted(pools, key=lambda label: (frequency[label], label))
    chosen: dict[int, Document] = {}
    taken = NearDuplicates()
    waiting = [iter(pools[label].ranked()) for label in rarest_first]
    while waiting and len(chosen) < count:
        for ranked in waiting[: count - len(chosen)]:
            found = next((each for each in ranked if not taken.like(each[1].shingles)), None)
            if found is None:
                waiting.remove(ranked)
            else:
                number, candidate = found
                chosen[number] = candidate.sentence
                taken.add(number, candidate.shingles)
    return [
        chosen[number]
        for number in sorted(chosen, key=lambda each: (-uncertainty(chosen[each], labels), each))
    ]
