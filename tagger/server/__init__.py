"""The tagger over HTTP: ``tagger serve``.

Requests become documents (``articles``), wait in one queue (``waiting``), are tagged together in
one thread (``batching``) and go out as the JSON that every other part of the project writes.
"""

from __future__ import annotations

from tagger.extras import needing

with needing("serve", "tagger serve"):
    import fastapi  # noqa: F401
    import fastapi_offline  # noqa: F401
    import prometheus_client  # noqa: F401
    import uvicorn  # noqa: F401
