"""Words by jieba, cut so that they fit the names found in the text."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from tagger.document import Document, Word
from tagger.text import normalize

if TYPE_CHECKING:
    import jieba

# Enough for a name to win over the words that it is made of, by jieba's counts of 60 million
# words: 平安 2,000 times and 银行 8,000 times make 平安银行 worth 0.3.
_NAME_FREQUENCY = 500
# Longer than the words that a short name could be part of.
_AROUND = 8


class Segmenter:
    """Cuts documents into words; jieba is loaded at the first one. Safe to share among threads.

    ``names`` join the dictionary of this segmenter, not that of jieba's other users.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = names
        self._tokenizer: jieba.Tokenizer | None = None
        self._lock = threading.Lock()

    def __call__(self, document: Document) -> list[Word]:
        """The words of the text in order, without white space.

        No word crosses the boundary of an entity, so whole words tile every entity but for the
        spaces in it.
        """
        tokenizer = self._loaded()
        text, normal = document.text, normalize(document.text)
        boundaries = {0, len(text)}
        for entity in document.entities:
            boundaries |= {entity.start, entity.end}
        words = []
        for start, end in pairwise(sorted(boundaries)):
            for word in tokenizer.cut(normal[start:end]):
                if not word.isspace():
                    words.append(Word(start, start + len(word), text[start : start + len(word)]))
                start += len(word)
        return words

    def cut(self, text: str) -> Iterator[str]:
        """The words of a normalised text, those of the dictionary and no guesses."""
        words: Iterator[str] = self._loaded().cut(text, HMM=False)
        return words

    def _loaded(self) -> jieba.Tokenizer:
        with self._lock:
            if self._tokenizer is None:
                self._tokenizer = _tokenizer(self._names)
                self._names = ()
            return self._tokenizer


_PLAIN = Segmenter()


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no word of a normalised text crosses a border of ``text[start:end]``, as 加工 and
    行业 cross those of 工行 in 加工行业."""
    first = max(0, start - _AROUND)
    position, edges = first, {first}
    for word in _PLAIN.cut(text[first : end + _AROUND]):
        position += len(word)
        edges.add(position)
    return {start, end} <= edges


def jieba_tokenizer() -> jieba.Tokenizer:
    """A tokenizer of jieba with its word list, which writes and says nothing."""
    with warnings.catch_warnings():
        # Escape sequences in its source and pkg_resources: nothing that a user could mend.
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # Its own way is no faster, and goes by a file in the folder for temporary files, which may be
    # another user's or another version's, or may not be written.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


def _tokenizer(names: Iterable[str]) -> jieba.Tokenizer:
    tokenizer = jieba_tokenizer()
    # jieba's add_word estimates a frequency by a search of its own, a minute for 20,000 names.
    frequencies = tokenizer.FREQ
    for name in {normalize(each) for each in names}:
        known = frequencies.get(name, 0)
        if len(name) < 2 or known >= _NAME_FREQUENCY:
            continue
        frequencies[name] = _NAME_FREQUENCY
        tokenizer.total += _NAME_FREQUENCY - known
        for end in range(1, len(name)):
            frequencies.setdefault(name[:end], 0)
    return tokenizer
