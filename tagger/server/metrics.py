"""What ``/metrics`` tells: requests, units of work, the queue and the time of the model."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from tagger.document import Document
from tagger.units import Unit

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 120)
_ARTICLES = (1, 2, 4, 8, 16, 32, 64)
_CHARACTERS = (128, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536)


class Metrics:
    """The figures of one server, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self._requests = Counter(
            "tagger_requests",
            "Requests answered; status 499 is a client that went away.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._request_seconds = Histogram(
            "tagger_request_duration_seconds",
            "From the first byte of a request to the last of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._batch_articles = Histogram(
            "tagger_batch_articles",
            "Articles that were tagged together.",
            buckets=_ARTICLES,
            registry=registry,
        )
        self._batch_characters = Histogram(
            "tagger_batch_characters",
            "Characters that were tagged together.",
            buckets=_CHARACTERS,
            registry=registry,
        )
        self._articles = Counter(
            "tagger_articles", "Articles by what became of them.", ("outcome",), registry=registry
        )
        self._characters = Counter("tagger_characters", "Characters tagged.", registry=registry)
        self._model_seconds = Counter(
            "tagger_model_seconds", "Time that the tagger was at work.", registry=registry
        )
        self._queue = Gauge(
            "tagger_queue_characters", "Characters waiting or being tagged.", registry=registry
        )
        self._ready = Gauge("tagger_ready", "1 while articles are tagged.", registry=registry)

    def watch(self, backlog: Callable[[], int], ready: Callable[[], bool]) -> None:
        """Says where the state of the queue and of the model is read when it is asked for."""
        self._queue.set_function(backlog)
        self._ready.set_function(ready)

    def request_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts a request; ``route`` is the path as the API names it."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def unit_tagged(self, outcomes: Unit, seconds: float) -> None:
        """Counts what became of a unit of work that took ``seconds``."""
        tagged = [len(each.text) for each in outcomes if isinstance(each, Document)]
        self._batch_articles.observe(len(outcomes))
        self._batch_characters.observe(sum(tagged))
        self._articles.labels("tagged").inc(len(tagged))
        self._articles.labels("failed").inc(len(outcomes) - len(tagged))
        self._characters.inc(sum(tagged))
        self._model_seconds.inc(seconds)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """All figures and their content type, in the format that an Accept header asks for."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type
