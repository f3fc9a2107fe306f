"""Errors as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from tagger.readers import ReadError
from tagger.server.refusals import QueueFull, Refused, TooLarge
from tagger.writers.jsonl import encode_line

PROBLEM_TYPE = "application/problem+json"

# Their senders may still be talking, and what they say is no longer read.
_UNREAD = (408, 413)

# The phrases of RFC 9110; older releases of Python have those before it.
_PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}


class Problem(Exception):  # noqa: N818 - the RFC's word
    """An answer that is an error.

    ``detail`` is for the user; ``errors`` name single faults, each with a JSON ``pointer`` to its
    place and a ``detail``; ``retry_after`` is in seconds.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self._errors = errors
        self._retry_after = retry_after
        self._headers = headers or {}

    @classmethod
    def of_validation(cls, error: ValidationError, skipped: int = 0) -> Problem:
        """The problem that a faulty body is: 400 where it is no JSON at all, else 422.

        The first ``skipped`` steps of a fault's place are no part of the body.
        """
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        if faults[0]["type"] == "json_invalid":
            return cls(400, f"the body is not JSON in UTF-8: {faults[0]['msg']}")
        errors = [
            {"pointer": _pointer(each["loc"][skipped:]), "detail": each["msg"]} for each in faults
        ]
        return cls(422, "; ".join(_described(each) for each in errors), errors=errors)

    @classmethod
    def of_refusal(cls, refusal: Refused | TooLarge) -> Problem:
        """The problem that a refusal of the queue is."""
        if isinstance(refusal, TooLarge):
            return cls(413, str(refusal))
        status = 429 if isinstance(refusal, QueueFull) else 503
        return cls(status, str(refusal), retry_after=refusal.retry_after)

    @classmethod
    def of_failure(cls, failure: ReadError) -> Problem:
        """The problem that an article which could not be tagged is."""
        return cls(500, f"{failure.reason}; {failure.remedy}")

    def to_dict(self) -> dict[str, Any]:
        """The members of the problem. Without a type of its own its title is the status's."""
        members: dict[str, Any] = {
            "title": _PHRASES.get(self.status) or HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self._errors:
            members["errors"] = list(self._errors)
        return members

    def headers(self) -> dict[str, str]:
        """The headers that go with the answer."""
        headers = dict(self._headers)
        if self._retry_after is not None:
            headers["Retry-After"] = str(self._retry_after)
        if self.status in _UNREAD:
            headers["Connection"] = "close"
        return headers

    def response(self) -> Response:
        """The answer."""
        return Response(
            encode_line(self.to_dict()), self.status, self.headers(), media_type=PROBLEM_TYPE
        )


def install_problems(app: FastAPI) -> None:
    """Makes every error of the application a problem."""

    @app.exception_handler(Problem)
    def answer_problem(request: Request, problem: Problem) -> Response:
        return problem.response()

    @app.exception_handler(TooLarge)
    @app.exception_handler(Refused)
    def answer_refusal(request: Request, refusal: Refused | TooLarge) -> Response:
        return Problem.of_refusal(refusal).response()

    @app.exception_handler(HTTPException)
    def answer_http_exception(request: Request, error: HTTPException) -> Response:
        detail = str(error.detail)
        if error.status_code == HTTPStatus.NOT_FOUND:
            detail = f"there is no {request.url.path}; /docs describes every request"
        elif error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = (error.headers or {}).get("Allow", "another method")
            detail = f"{request.url.path} does not take {request.method}; use {allowed}"
        return Problem(error.status_code, detail, headers=error.headers).response()

    @app.exception_handler(Exception)
    def answer_failure(request: Request, error: Exception) -> Response:
        return Problem(500, "the server failed; its log says where").response()


def _pointer(location: tuple[int | str, ...]) -> str:
    """A JSON pointer (RFC 6901) as a URI fragment."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in location)
    return "#" + "".join(f"/{step}" for step in steps)


def _described(fault: Mapping[str, str]) -> str:
    place = fault["pointer"].removeprefix("#").removeprefix("/")
    return f"{place}: {fault['detail']}" if place else fault["detail"]
