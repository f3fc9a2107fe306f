"""spaCy: the pipeline component ``finance_tagger``, and documents as docs and back.

>>> import spacy
>>> nlp = spacy.blank("zh")
>>> _ = nlp.add_pipe("finance_tagger")
>>> doc = nlp("星海矿业拟收购青山资本。")
"""

from __future__ import annotations

from tagger.extras import needing

with needing("spacy", "tagger.spacy"):
    import spacy  # noqa: F401

from tagger.spacy.attributes import register_attributes
from tagger.spacy.component import FinanceTagger, make_component
from tagger.spacy.reading import to_document, to_documents
from tagger.spacy.writing import to_spacy

__all__ = ["FinanceTagger", "make_component", "to_document", "to_documents", "to_spacy"]

register_attributes()
