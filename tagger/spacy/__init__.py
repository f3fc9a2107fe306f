"""spaCy: the pipeline component ``finance_tagger``, and documents as docs and back.

>>> import spacy
>>> nlp = spacy.blank("zh")
>>> _ = nlp.add_pipe("finance_tagger")
>>> doc = nlp("星海矿业拟收购青山资本。")
"""

from __future__ import annotations

try:
    import spacy  # noqa: F401
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "tagger.spacy needs spaCy; install it with: pip install 'caijing-tagger[spacy]'"
    ) from error

from tagger.spacy.attributes import register_attributes
from tagger.spacy.component import FinanceTagger, make_component
from tagger.spacy.reading import to_document, to_documents
from tagger.spacy.writing import to_spacy

__all__ = ["FinanceTagger", "make_component", "to_document", "to_documents", "to_spacy"]

register_attributes()
