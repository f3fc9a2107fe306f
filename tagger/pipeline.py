"""The tagger: the stages in order, batched across articles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from tagger.corrections import correct
from tagger.decoding import LabelledSpan, Trigger
from tagger.document import Document, Entity, parse_published
from tagger.encoder import Backend, OnnxBackend
from tagger.events import build_events
from tagger.lexicon import Lexicon
from tagger.linking import link
from tagger.model import CONFIG_FILE
from tagger.numerals import find_quantities
from tagger.recognition import CACHED_WINDOWS, Recognizer
from tagger.resources import resource_path
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, QUANTITY_LABELS
from tagger.selection import Selection
from tagger.words import Segmenter

if TYPE_CHECKING:
    from spacy.tokens import Doc, DocBin

STAGES = ("words", "entities", "quantities", "linking", "events", "arguments")

_MODELS = "models"


def load(
    model: str | Path = "default",
    *,
    lexicon: str | Path | None = None,
    disable: Collection[str] = (),
    labels: Collection[str] | None = None,
    min_score: float = 0.0,
    threads: int | None = None,
    cached_windows: int = CACHED_WINDOWS,
    device: str = "cpu",
) -> Tagger:
    """Loads a model by name or folder and makes a tagger of it.

    Args:
        model: the name of a shipped model, or a folder that ``training.train`` wrote.
        lexicon: a TSV table of your own names, which go before the shipped ones.
        disable: stages to leave out, of :data:`STAGES`.
        labels: entity labels, event types and quantity labels to keep; None keeps all.
        min_score: entities, events and arguments below this probability are left out.
        threads: cores that the network works on; None takes all that this process may use.
        cached_windows: stretches of text whose answers are kept for when they come again.
        device: where the network runs: on the CPU by ONNX Runtime, or by torch on such as ``cuda``.

    Raises:
        ValueError: for an unknown model, stage or label, one name in the place of a list, a faulty
            lexicon table, or a device that this machine has not.
        FileNotFoundError: if there is no such table, or a model folder lacks a file.
        ModuleNotFoundError: naming the extra, for a device that needs torch where it is not
            installed.
    """
    for option, given in (("disable", disable), ("labels", labels)):
        if isinstance(given, str):
            raise ValueError(f"{option}={given!r} is one name; give a list: [{given!r}]")
    unknown = [stage for stage in disable if stage not in STAGES]
    if unknown:
        raise ValueError(f"unknown stage {unknown[0]!r}; the stages are {', '.join(STAGES)}")
    recognizer = None
    names = Lexicon.load(extra=Path(lexicon) if lexicon is not None else None)
    if not {"entities", "events"} <= set(disable):
        folder = model_folder(model)
        backend = _backend(folder, threads, device)
        recognizer = Recognizer.load(folder, backend, cached_windows, names)
        _check_labels(names, lexicon, recognizer.config.entity_labels)
    known = _known_labels(recognizer)
    return Tagger(recognizer, names, disable, Selection.of(labels, min_score, known))


class Tagger:
    """Reads texts and documents. Safe to share between threads; a process makes its own."""

    def __init__(
        self,
        recognizer: Recognizer | None,
        lexicon: Lexicon,
        disable: Collection[str] = (),
        selection: Selection | None = None,
    ) -> None:
        self._recognizer = recognizer
        self._lexicon = lexicon
        self._disabled = frozenset(disable)
        self._selection = selection or Selection()
        self._segmenter = Segmenter(lexicon.names())

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a tagger cannot be sent to another process: load one there, or let "
            "tagger.batch.open_batch(tagger.load, jobs=4) start the processes"
        )

    def __call__(
        self, text: str | Document, published: str | date | datetime | None = None
    ) -> Document:
        """Tags one text or document.

        ``published`` is the article's date, against which 昨日 and 12月 are read; without it
        they stay open. Raises TypeError for anything that is no text and ValueError for a
        ``published`` that is no date.
        """
        document = _as_document(text, published)
        self._tag([document])
        return document

    def pipe(self, documents: Iterable[str | Document], batch_size: int = 64) -> Iterator[Document]:
        """Tags a stream in the order given, ``batch_size`` articles at a time.

        Raises TypeError for a single text, and ValueError for a ``batch_size`` below 1.
        """
        if isinstance(documents, str | Document):
            raise TypeError("pipe() takes many texts, and this is one: call the tagger itself")
        if batch_size < 1:
            raise ValueError(f"batch_size={batch_size} must be at least 1")
        stream = iter(documents)
        while batch := [_as_document(each) for each in islice(stream, batch_size)]:
            self._tag(batch)
            yield from batch

    def from_docs(self, docs: Iterable[Doc] | DocBin, batch_size: int = 64) -> Iterator[Document]:
        """Tags the texts of spaCy docs, in the order given, ``batch_size`` at a time.

        The date, the id and the rest of what :func:`tagger.spacy.to_document` reads beside the
        text stays; annotations that the docs hold give way to the tagger's. Raises
        ModuleNotFoundError without spaCy, naming the extra to install.
        """
        from tagger.spacy import to_documents

        return self.pipe(to_documents(docs), batch_size)

    def info(self) -> dict[str, Any]:
        """What this tagger is: model, stages, and the labels of every layer."""
        config = self._recognizer.config if self._recognizer else None
        return {
            "model": self._model_name,
            "stages": [stage for stage in STAGES if stage not in self._disabled],
            "entity_labels": list(config.entity_labels) if config else [],
            "event_types": list(config.event_types) if config else [],
            "roles": list(config.roles) if config else [],
            "quantity_labels": list(QUANTITY_LABELS),
        }

    @property
    def _model_name(self) -> str | None:
        if self._recognizer is None:
            return None
        return f"{self._recognizer.config.name} {self._recognizer.config.version}"

    def _tag(self, documents: list[Document]) -> None:
        found: list[list[Trigger]] = [[] for _ in documents]
        for document in documents:
            document.entities, document.quantities, document.events = [], [], []
            document.model = self._model_name
        if self._recognizer is not None:
            texts = [document.text for document in documents]
            for index, recognition in enumerate(self._recognizer(texts)):
                if "entities" not in self._disabled:
                    documents[index].entities = [
                        _as_entity(span, texts[index]) for span in recognition.entities
                    ]
                if "events" not in self._disabled:
                    found[index] = recognition.triggers
        for document, triggers in zip(documents, found, strict=True):
            self._complete(document, triggers)

    def _complete(self, document: Document, triggers: list[Trigger]) -> None:
        if "quantities" not in self._disabled:
            document.quantities = find_quantities(document.text, document.published)
        if "linking" not in self._disabled:
            if self._recognizer is not None and "entities" not in self._disabled:
                correct(document, self._lexicon, frozenset(self._recognizer.config.entity_labels))
            link(document, self._lexicon)
        build_events(document, triggers, with_arguments="arguments" not in self._disabled)
        self._selection.apply(document)
        if "words" not in self._disabled:
            document.segmenter = self._segmenter


def _check_labels(names: Lexicon, table: str | Path | None, model_labels: Collection[str]) -> None:
    """Raises ValueError for a name of the caller's own table with a label that cannot come out."""
    known = [label for label in model_labels if label != "TICKER"]
    for entry in names.own_entries():
        if entry.label not in known:
            raise ValueError(
                f"{table}, line {entry.line}: {entry.name!r} has the label {entry.label!r}; a name "
                f"may have {', '.join(known)}"
            )


def _backend(folder: Path, threads: int | None, device: str) -> Backend:
    if device == "cpu":
        return OnnxBackend(folder, threads)
    from tagger.torch_backend import TorchBackend

    return TorchBackend(folder, device)


def _as_document(text: str | Document, published: str | date | datetime | None = None) -> Document:
    if isinstance(text, Document):
        text.published = parse_published(published) or parse_published(text.published)
        return text
    if isinstance(text, str):
        return Document(text=text, published=parse_published(published))
    from tagger.readers import ReadError

    if isinstance(text, ReadError):
        raise TypeError(f"{text} (`read` gives a ReadError for what it cannot read; leave it out)")
    raise TypeError(f"a text is a str or a tagger.Document, not {type(text).__name__}")


def _as_entity(span: LabelledSpan, text: str) -> Entity:
    return Entity(
        span.start, span.end, text[span.start : span.end], span.label, round(span.score, 4)
    )


def model_folder(model: str | Path) -> Path:
    """The folder of a model by its name or its own path. Raises ValueError if there is none."""
    if (Path(model) / CONFIG_FILE).is_file():
        return Path(model)
    try:
        if isinstance(model, str) and model.replace("-", "").isalnum():
            return resource_path(f"{_MODELS}/{model}")
    except FileNotFoundError:
        pass
    shipped = sorted(
        each.name for each in resource_path(_MODELS).iterdir() if (each / CONFIG_FILE).is_file()
    )
    raise ValueError(
        f"{str(model)!r} is neither a shipped model ({', '.join(shipped)}) nor a folder "
        f"with a {CONFIG_FILE}"
    )


def _known_labels(recognizer: Recognizer | None) -> list[str]:
    if recognizer is None:
        return [*ENTITY_LABELS, *EVENT_TYPES, *QUANTITY_LABELS]
    config = recognizer.config
    return [*config.entity_labels, *config.event_types, *QUANTITY_LABELS]
