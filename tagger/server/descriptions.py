"""What the OpenAPI page says of the routes: bodies, answers and examples."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from tagger.server.articles import Batch, Record, Text
from tagger.server.batches import NDJSON_TYPE
from tagger.server.examples import DOCUMENT, FAILURE, RECORD, TEXT
from tagger.server.problems import PROBLEM_TYPE
from tagger.server.shapes import BatchShape, DocumentShape, ProblemShape, QuantitiesShape
from tagger.writers.jsonl import encode_line

_REFERENCE = "#/components/schemas/{model}"

_ARTICLE = {"oneOf": [{"$ref": _REFERENCE.format(model=model)} for model in ("Text", "Record")]}

_ONE_ARTICLE = {
    "application/json": {
        "schema": _ARTICLE,
        "examples": {
            "text": {"summary": "A text as it is", "value": TEXT},
            "record": {"summary": "A record of an archive", "value": RECORD},
        },
    }
}

_REASONS = {
    400: "The body is not JSON.",
    408: "The body did not arrive in time.",
    413: "The body, an article or the whole request is too long.",
    415: "The body has another content type, or is packed.",
    422: "The body does not say what it must.",
    429: "More is waiting than can be begun in time; `Retry-After` says when to try again.",
    500: "Tagging failed.",
    503: "The model is not loaded yet, tagging did not begin in time, or the server is ending.",
}

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": reason,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": _REFERENCE.format(model="ProblemShape")}}},
    }
    for status, reason in _REASONS.items()
}


def _body(content: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": content}}


def _answer(model: type, description: str, content: dict[str, Any]) -> dict[int | str, Any]:
    return {200: {"model": model, "description": description, "content": content}, **_PROBLEMS}


TAG: dict[str, Any] = {
    "summary": "Tag one article",
    "openapi_extra": _body(_ONE_ARTICLE),
    "responses": _answer(
        DocumentShape, "The article tagged.", {"application/json": {"example": DOCUMENT}}
    ),
}

BATCH: dict[str, Any] = {
    "summary": "Tag several articles",
    "description": "As JSON, or as JSON lines, whose answer comes as lines too, each as soon as "
    "it is ready. An article that is at fault, or that cannot be tagged, gives a failure in its "
    "place and leaves the others as they are.",
    "openapi_extra": _body(
        {
            "application/json": {
                "schema": {"$ref": _REFERENCE.format(model="Batch")},
                "example": {"documents": [TEXT, RECORD]},
            },
            NDJSON_TYPE: {
                "schema": _ARTICLE,
                "example": "".join(encode_line(each).decode("utf-8") for each in (TEXT, RECORD)),
            },
        }
    ),
    "responses": _answer(
        BatchShape,
        "Documents and failures in the order of the articles.",
        {
            "application/json": {"example": {"documents": [DOCUMENT, FAILURE], "failed": 1}},
            NDJSON_TYPE: {
                "schema": {
                    "oneOf": [
                        {"$ref": _REFERENCE.format(model=model)}
                        for model in ("DocumentShape", "FailureShape")
                    ]
                },
                "example": "".join(
                    encode_line(each).decode("utf-8") for each in (DOCUMENT, FAILURE)
                ),
            },
        },
    ),
}

QUANTITIES: dict[str, Any] = {
    "summary": "Find quantities only",
    "description": "The rules layer alone, without the model and without waiting.",
    "openapi_extra": _body(_ONE_ARTICLE),
    "responses": _answer(
        QuantitiesShape,
        "The quantities.",
        {"application/json": {"example": {"quantities": DOCUMENT["quantities"]}}},
    ),
}

HTML: dict[str, Any] = {
    "summary": "Tag one article and show it as a page",
    "description": "Also takes the form of the page at `/`.",
    "openapi_extra": _body(_ONE_ARTICLE),
    "responses": {
        200: {"description": "A page that stands by itself.", "content": {"text/html": {}}},
        **_PROBLEMS,
    },
}


def describe(app: FastAPI) -> None:
    """Has the application describe itself with the bodies that its routes read by themselves."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            described = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            schemas = described["components"]["schemas"]
            schemas.update(_body_schemas())
            schemas["Batch"]["properties"]["documents"]["items"] = _ARTICLE
            app.openapi_schema = described
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _body_schemas() -> dict[str, Any]:
    models: list[tuple[type[BaseModel], Literal["validation"]]] = [
        (model, "validation") for model in (Text, Record, Batch, ProblemShape)
    ]
    schemas: dict[str, Any] = models_json_schema(models, ref_template=_REFERENCE)[1]["$defs"]
    return schemas
