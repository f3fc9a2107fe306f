"""What a client sends, and the documents that are made of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from tagger.document import Document
from tagger.published import NO_DATE, read_published
from tagger.readers import ReadOptions
from tagger.readers.errors import Unreadable
from tagger.readers.records import record_document
from tagger.server.problems import Problem
from tagger.server.settings import Settings

NO_TEXT = 'give the article as {"text": …}, or a record of an archive as {"document": …}'


class Text(BaseModel):
    """A text as it is; offsets in the answer count its code points."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="The text, which is left as it is.")
    id: str = Field("", coerce_numbers_to_str=True, description="Comes back with the answer.")
    title: str | None = Field(None, description="The headline; where it belongs to the text too.")
    body_start: int = Field(0, ge=0, description="Where the body begins in `text`, behind a title.")
    published: str | None = Field(
        None,
        description="A date or time such as 2022-02-18 or 2022-02-18T18:38:33+08:00; 2022/2/18 and "
        "2022年2月18日 are read, too. 昨日 and 12月 are read against it and stay open without it.",
    )
    source: str | None = None
    metadata: dict[str, Any] = Field({}, description="Comes back with the answer.")

    @model_validator(mode="before")
    @classmethod
    def _require_text(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "text" not in data:
            raise PydanticCustomError(
                "no_text",
                NO_TEXT,
            )
        return data


class Record(BaseModel):
    """A record as archives hold it, read as `tagger tag` reads a line of JSON.

    The title becomes the first line of the text, HTML becomes text, and what fills no field goes
    to `metadata`. A document that this server or `tagger tag` wrote is tagged again.
    """

    model_config = ConfigDict(extra="forbid")

    document: dict[str, Any] = Field(
        description="Columns such as title, content, published, source, 标题, 正文, 发布时间."
    )


class Batch(BaseModel):
    """Several articles; each is a text or a record."""

    model_config = ConfigDict(extra="forbid")

    # One by one and later: a fault in one of them must not be a fault of all.
    documents: list[Any] = Field(min_length=1)


def _form(article: Any) -> str:
    return "record" if isinstance(article, dict) and "document" in article else "text"


Article = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Record, Tag("record")], Discriminator(_form)
]

_ARTICLE: TypeAdapter[Text | Record] = TypeAdapter(Article)


class Articles:
    """Makes documents of what clients send, within the limits of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._max_characters = settings.max_characters
        self._options = ReadOptions(timezone=settings.timezone)

    def parse(self, body: bytes) -> Document:
        """The document that a JSON body holds. Raises Problem."""
        with _problems():
            return self._document(_ARTICLE.validate_json(body))

    def read(self, article: Any) -> Document:
        """The document that a parsed JSON value holds. Raises Problem."""
        with _problems():
            return self._document(_ARTICLE.validate_python(article))

    def _document(self, article: Text | Record) -> Document:
        document = (
            self._from_text(article) if isinstance(article, Text) else self._from_record(article)
        )
        if len(document.text) > self._max_characters:
            raise Problem(
                413,
                f"the article has {len(document.text):,} characters, more than the limit of "
                f"{self._max_characters:,}; split it",
            )
        return document

    def _from_text(self, article: Text) -> Document:
        if article.body_start > len(article.text):
            raise _fault("body_start", f"{article.body_start} lies outside the text")
        published = read_published(article.published, self._options.timezone)
        if published is None and article.published is not None:
            raise _fault("published", f"{article.published!r} {NO_DATE}")
        return Document(
            text=article.text,
            id=article.id,
            title=article.title,
            body_start=article.body_start,
            published=published,
            source=article.source,
            metadata=article.metadata,
        )

    def _from_record(self, article: Record) -> Document:
        try:
            return record_document(article.document, "", self._options)
        except Unreadable as error:
            raise _fault("document", error.reason) from error


@contextmanager
def _problems() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        # The first step of a place names the form that the article has, text or record.
        raise Problem.of_validation(error, skipped=1) from error


def _fault(name: str, detail: str) -> Problem:
    return Problem(422, f"{name}: {detail}", errors=[{"pointer": f"#/{name}", "detail": detail}])
