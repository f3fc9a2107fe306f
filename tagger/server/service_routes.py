"""Health, figures and information: what operates the server, and what it says of itself."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request, Response

import tagger
from tagger.server.problems import Problem
from tagger.server.service import JSON_TYPE, Service
from tagger.server.shapes import InformationShape, ProblemShape, StateShape
from tagger.writers.jsonl import encode_line


def service_router(service: Service) -> APIRouter:
    """The routes that need no tagging."""
    router = APIRouter(tags=["service"])

    @router.get("/healthz", summary="Is the server alive?", response_model=StateShape)
    async def health() -> Response:
        return _json({"status": "ok"})

    @router.get(
        "/readyz",
        summary="Is the model loaded?",
        response_model=StateShape,
        responses={503: {"model": ProblemShape, "description": "Not yet, or no longer."}},
    )
    async def readiness() -> Response:
        if not service.batcher.ready:
            raise Problem(503, "the model is not loaded", retry_after=1)
        return _json({"status": "ready"})

    @router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
    async def figures(request: Request) -> Response:
        content, content_type = service.metrics.exposition(request.headers.get("accept", ""))
        return Response(content, headers={"Content-Type": content_type})

    @router.get("/v1/info", summary="Model, labels and limits", response_model=InformationShape)
    async def information() -> Response:
        if service.batcher.tagger is None:
            raise Problem(503, "the model is not loaded", retry_after=1)
        described = service.batcher.tagger.info()
        limits = asdict(service.settings)
        return _json(described | {"version": tagger.__version__, "limits": limits})

    return router


def _json(value: dict[str, object]) -> Response:
    return Response(encode_line(value), media_type=JSON_TYPE)
