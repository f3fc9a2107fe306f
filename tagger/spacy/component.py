"""The pipeline component ``finance_tagger``."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_type_hints

from spacy.language import Language
from spacy.scorer import Scorer, get_ner_prf
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import from_bytes, minibatch, raise_error, to_bytes

from tagger.document import Document, parse_published
from tagger.pipeline import Tagger
from tagger.spacy.reading import GROUPS, to_document
from tagger.spacy.settings import FILES, Settings
from tagger.spacy.writing import annotate

NAME = "finance_tagger"
_LIST = "files.json"

ErrorHandler = Callable[[str, Any, Sequence[Doc], Exception], None]


class FinanceTagger:
    """Tags docs in place: entities, quantities, events and arguments, and the tokens to fit.

    Works on the text alone and may stand anywhere before components that annotate tokens. The
    date against which relative dates are read is ``doc._.published``, or what stands under
    ``published`` in the context of ``nlp.pipe(..., as_tuples=True)``, from which ``id``,
    ``title`` and ``source`` are taken too; a context that is a date is that date.

    The model is loaded with the first doc, once in each process.
    """

    def __init__(self, name: str = NAME, settings: Settings | None = None) -> None:
        self.name = name
        self.settings = settings or Settings()
        self._error_handler: ErrorHandler = raise_error
        self._unpacked: TemporaryDirectory[str] | None = None
        self._lock = threading.Lock()
        self._loaded: tuple[int, Tagger] | None = None

    @property
    def tagger(self) -> Tagger:
        """The tagger, loaded when first asked for. Raises what :func:`tagger.load` raises."""
        with self._lock:
            # The threads of ONNX Runtime do not live on in a forked process.
            if self._loaded is None or self._loaded[0] != os.getpid():
                self._loaded = os.getpid(), self.settings.load()
            return self._loaded[1]

    def __call__(self, doc: Doc) -> Doc:
        """Tags one doc in place and returns it."""
        (document,) = self._tag([doc])
        _annotate(doc, document)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Tags a stream of docs in place, in order, ``batch_size`` of them together.

        A doc that cannot be tagged goes to the error handler alone, and is left out if that does
        not raise.
        """
        for docs in minibatch(stream, batch_size):
            try:
                tagged = self._tag(docs)
            except Exception:  # the other docs of the batch must not suffer
                tagged = None
            for index, doc in enumerate(docs):
                try:
                    _annotate(doc, tagged[index] if tagged else self._tag([doc])[0])
                except Exception as error:
                    self._error_handler(self.name, self, [doc], error)
                else:
                    yield doc

    def score(self, examples: Iterable[Example], **settings: Any) -> dict[str, Any]:
        """Precision, recall and F1 of exact spans and labels.

        ``ents_f`` for entities, ``spans_quantities_f``, ``spans_events_f`` and
        ``spans_arguments_f`` for the span groups, each also ``_p``, ``_r`` and ``_per_type``;
        None where the reference does not annotate it. An argument counts as right in whatever
        event it stands.
        """
        examples = list(examples)
        scores: dict[str, Any] = get_ner_prf(examples)
        for group in GROUPS:
            scores |= Scorer.score_spans(
                examples,
                f"spans_{group}",
                getter=lambda doc, _, group=group: doc.spans.get(group, ()),
                has_annotation=lambda doc, group=group: group in doc.spans,
                allow_overlap=True,
            )
        return scores

    def set_error_handler(self, error_handler: ErrorHandler) -> None:
        """Sets what is called with the component's name, itself, the docs and the error."""
        self._error_handler = error_handler

    def get_error_handler(self) -> ErrorHandler:
        """What is called when a doc cannot be tagged; it raises unless another was set."""
        return self._error_handler

    def to_disk(self, path: str | Path, *, exclude: Collection[str] = ()) -> None:
        """Writes a model and a lexicon of one's own into a folder; the settings are spaCy's."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        files = self.settings.files()
        for name, source in files.items():
            target = folder / name
            target.parent.mkdir(exist_ok=True)
            if not (target.exists() and target.samefile(source)):
                shutil.copyfile(source, target)
        (folder / _LIST).write_text(json.dumps(sorted(files)) + "\n", encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Collection[str] = ()) -> FinanceTagger:
        """Takes the files that :meth:`to_disk` wrote, if any, for those of the settings."""
        listed = Path(path) / _LIST
        if listed.is_file():
            self._take_files(Path(path), json.loads(listed.read_text(encoding="utf-8")))
        return self

    def to_bytes(self, *, exclude: Collection[str] = ()) -> bytes:
        """A model and a lexicon of one's own as bytes."""
        files = self.settings.files()
        data: bytes = to_bytes({name: files[name].read_bytes for name in files}, exclude)
        return data

    def from_bytes(self, data: bytes, *, exclude: Collection[str] = ()) -> FinanceTagger:
        """Takes what :meth:`to_bytes` made, in a folder that goes when the component goes."""
        files: dict[str, bytes] = {}
        from_bytes(data, {name: partial(files.__setitem__, name) for name in FILES}, exclude)
        if files:
            self._unpacked = TemporaryDirectory(prefix=f"{NAME}-")
            folder = Path(self._unpacked.name)
            for name, content in files.items():
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_bytes(content)
            self._take_files(folder, files)
        return self

    def __getstate__(self) -> dict[str, Any]:
        # Neither locks nor loaded models travel between processes.
        return self.__dict__ | {"_lock": None, "_loaded": None, "_unpacked": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _lock=threading.Lock())

    def _take_files(self, folder: Path, names: Collection[str]) -> None:
        self.settings = self.settings.with_files(folder, names)
        self._loaded = None

    def _tag(self, docs: Sequence[Doc]) -> list[Document]:
        return list(self.tagger.pipe([_untagged(doc) for doc in docs], batch_size=len(docs)))


def _untagged(doc: Doc) -> Document:
    document = to_document(doc)
    context = doc._context
    if isinstance(context, date):
        context = {"published": context}
    if isinstance(context, Mapping):
        document.published = document.published or parse_published(context.get("published"))
        document.id = document.id or str(context.get("id") or "")
        document.title = document.title or context.get("title")
        document.source = document.source or context.get("source")
    return document


def _annotate(doc: Doc, document: Document) -> None:
    annotate(doc, document, document.words if document.segmenter else ())


def make_component(
    nlp: Language,
    name: str,
    model: str,
    lexicon: str | None,
    labels: list[str] | None,
    min_score: float,
    disable: list[str],
    threads: int | None,
    device: str,
) -> FinanceTagger:
    """Makes the component; the settings are those of :func:`tagger.load`.

    With ``words`` in ``disable`` the tokens stay the tokenizer's, split where a span begins or
    ends within one.
    """
    kept = None if labels is None else tuple(labels)
    settings = Settings(model, lexicon, kept, min_score, tuple(disable), threads, device)
    return FinanceTagger(name, settings)


# spaCy checks a configuration against the annotations, and as late as 3.8.7 not if they are text.
make_component.__annotations__ = get_type_hints(make_component)

Language.factory(
    NAME,
    assigns=[
        "doc.ents",
        "doc.spans",
        "doc.user_data",
        "token.ent_iob",
        "token.ent_type",
        "token.ent_kb_id",
    ],
    retokenizes=True,
    default_config={
        "model": "default",
        "lexicon": None,
        "labels": None,
        "min_score": 0.0,
        "disable": [],
        "threads": None,
        "device": "cpu",
    },
    default_score_weights={
        "ents_f": 0.4,
        "ents_p": 0.0,
        "ents_r": 0.0,
        "spans_quantities_f": 0.2,
        "spans_events_f": 0.2,
        "spans_arguments_f": 0.2,
    },
    func=make_component,
)
