"""The tagger over HTTP: ``tagger serve``.

Requests become documents (``articles``), wait in one queue (``waiting``), are tagged together in
one thread (``batching``) and go out as the JSON that every other part of the project writes.
"""

from __future__ import annotations

try:
    import fastapi
    import fastapi_offline
    import prometheus_client
    import uvicorn
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"tagger serve needs {error.name}; install it with pip install 'caijing-tagger[serve]'"
    ) from error

del fastapi, fastapi_offline, prometheus_client, uvicorn
