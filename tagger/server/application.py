"""The application: routes, limits and errors put together around one tagger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware

import tagger
from tagger.server.articles import Articles
from tagger.server.batching import Batcher, ServedTagger
from tagger.server.departures import Departures
from tagger.server.descriptions import describe
from tagger.server.metrics import Metrics
from tagger.server.middleware import BodyLimits, RequestMetrics, SecurityHeaders
from tagger.server.pages import ASSETS, pages_router
from tagger.server.problems import install_problems
from tagger.server.service import Service
from tagger.server.service_routes import service_router
from tagger.server.settings import Settings
from tagger.server.tagging_routes import tagging_router

_DESCRIPTION = (
    "Entities, events and exact quantities in Chinese financial news. Offsets count Unicode code "
    "points, and `text[start:end]` is always the span's text."
)


def create_application(
    load: Callable[[], ServedTagger],
    settings: Settings | None = None,
    *,
    failed: Callable[[], None] = lambda: None,
) -> FastAPI:
    """An ASGI application around the tagger that ``load`` gives.

    ``load`` runs once, in a thread, when the application starts; where it raises, ``failed`` is
    called, and ``application.state.batcher.failure`` holds the exception.
    """
    settings = settings or Settings()
    metrics = Metrics()
    batcher = Batcher(load, settings, metrics, failed)
    service = Service(settings, Articles(settings), batcher, metrics)

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        async with batcher:
            yield

    # It ships the assets of Swagger UI, which FastAPI itself would have the browser fetch.
    application = FastAPIOffline(
        docs_url=None,
        redoc_url=None,
        static_url=ASSETS,
        title="caijing-tagger",
        version=tagger.__version__,
        description=_DESCRIPTION,
        lifespan=lifespan,
    )
    application.state.batcher = batcher
    for router in (tagging_router(service), service_router(service), pages_router(service)):
        application.include_router(router)
    describe(application)
    install_problems(application)
    # The last one added is the first to see a request.
    application.add_middleware(Departures)
    application.add_middleware(
        BodyLimits, max_bytes=settings.max_body_bytes, seconds=settings.body_seconds
    )
    if settings.cors_origins:
        application.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type"],
            expose_headers=["Retry-After"],
        )
    application.add_middleware(SecurityHeaders)
    application.add_middleware(RequestMetrics, metrics=metrics)
    return application
