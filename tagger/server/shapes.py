"""The answers as the API describes them; what is sent is ``Document.to_dict`` itself."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tagger.schema import GRAINS, MODALITIES, QUANTITY_LABELS


class _Span(BaseModel):
    model_config = ConfigDict(extra="forbid")

    start: int = Field(ge=0, description="Code points of `text`, half open.")
    end: int = Field(ge=1)
    text: str = Field(description="`text[start:end]` of the document.")


class EntityShape(_Span):
    """A named entity."""

    label: str = Field(examples=["COMPANY"])
    score: float = Field(ge=0, le=1, description="A calibrated probability.")
    canonical: str | None = Field(None, description="The name in full.")
    id: str | None = Field(None, examples=["SSE:600519"])


class QuantityShape(_Span):
    """A number, an amount, a measure or a time with its exact value; numbers are texts."""

    label: Literal[*QUANTITY_LABELS]  # type: ignore[valid-type]
    value: str | None = Field(None, examples=["495800000", "1/3"])
    unit: str | None = Field(None, examples=["USD"])
    unit_text: str | None = Field(None, examples=["美元"])
    per: str | None = Field(None, description="The denominator, such as 股.")
    low: str | None = None
    high: str | None = None
    low_inclusive: bool | None = None
    high_inclusive: bool | None = None
    approximate: bool | None = None
    start_time: str | None = Field(None, examples=["2022-02-17T18:00:00"])
    end_time: str | None = Field(None, description="Not included.")
    grain: Literal[*GRAINS] | None = None  # type: ignore[valid-type]
    duration: str | None = Field(None, description="ISO 8601.")
    repeat: str | None = Field(None, description="ISO 8601.")


class ArgumentShape(_Span):
    """What fills a role of an event."""

    role: str = Field(examples=["subject"])
    score: float = Field(ge=0, le=1)
    entity: int | None = Field(None, description="Index in `entities`.")
    quantity: int | None = Field(None, description="Index in `quantities`.")


class EventShape(_Span):
    """An event, anchored at its trigger."""

    type: str = Field(examples=["divestment"])
    score: float = Field(ge=0, le=1)
    modality: Literal[*MODALITIES]  # type: ignore[valid-type]
    group: int = Field(description="Mentions of the same happening share it.")
    arguments: list[ArgumentShape]


class DocumentShape(BaseModel):
    """A tagged article. Keys that say nothing are left out."""

    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[1]
    model: str | None = Field(None, examples=["default 1.1"])
    id: str
    title: str | None = None
    body_start: int | None = Field(None, description="There where there is a title.")
    text: str
    published: str | None = None
    source: str | None = None
    metadata: dict[str, Any] | None = None
    entities: list[EntityShape]
    quantities: list[QuantityShape]
    events: list[EventShape]


class FaultShape(BaseModel):
    """A single fault of a body."""

    pointer: str = Field(examples=["#/published"], description="A JSON pointer to its place.")
    detail: str


class ProblemShape(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str
    errors: list[FaultShape] | None = None


class FailureShape(BaseModel):
    """What stands in the place of an article that could not be tagged."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(description="The article's own id, empty where it has none.")
    error: ProblemShape


class BatchShape(BaseModel):
    """The articles of a batch in their order."""

    model_config = ConfigDict(extra="forbid")

    documents: list[DocumentShape | FailureShape]
    failed: int = Field(description="How many of them are failures.")


class QuantitiesShape(BaseModel):
    """What the rules layer found."""

    model_config = ConfigDict(extra="forbid")

    quantities: list[QuantityShape]


class InformationShape(BaseModel):
    """The tagger and the limits of the server."""

    version: str = Field(description="Of caijing-tagger.")
    model: str | None
    stages: list[str]
    entity_labels: list[str]
    event_types: list[str]
    roles: list[str]
    quantity_labels: list[str]
    limits: dict[str, Any]


class StateShape(BaseModel):
    """The state of the server."""

    status: Literal["ok", "ready"]
