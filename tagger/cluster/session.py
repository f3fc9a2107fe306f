"""A connection to Ray that says no more on the terminal than the user has to know."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tagger.extras import needing

# The parts under way take a few megabytes each, whatever the size of the input.
LOCAL_OBJECT_STORE = 512 << 20

# Read by Ray's processes when they start; what the user has set goes before.
_ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
}


class ClusterError(Exception):
    """Ray did not start, did not answer or gave up; what it had finished stays finished."""


@contextmanager
def connected(
    address: str | None = None,
    *,
    cpus: int | None = None,
    object_store_memory: int = LOCAL_OBJECT_STORE,
) -> Iterator[None]:
    """Connects to a Ray cluster, or starts Ray on this machine, until the block ends.

    ``address`` is a cluster's (``auto`` finds the one that this machine belongs to); None is that
    of the variable ``RAY_ADDRESS``, else Ray is started here, with ``cpus`` (all cores) and
    ``object_store_memory`` bytes. A connection that stands is used as it is and left open. Raises
    ModuleNotFoundError naming the extra where Ray is not installed, and :class:`ClusterError`.
    """
    ray = _ray()
    own = not ray.is_initialized()
    if own:
        _start(ray, address or os.environ.get("RAY_ADDRESS"), cpus, object_store_memory)
    try:
        with _quiet("ray.data"):
            yield
    except ray.exceptions.RayError as error:
        raise ClusterError(f"Ray gave up: {error}") from error
    finally:
        if own:
            ray.shutdown()


def _ray() -> Any:
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with needing("ray", "the cluster engine"):
        import ray
        import ray.data
        import ray.exceptions
    return ray


def _start(ray: Any, address: str | None, cpus: int | None, object_store_memory: int) -> None:
    # What a running cluster is made of is not for us to say.
    made_here = (
        {}
        if address
        else {
            "num_cpus": cpus,
            "object_store_memory": object_store_memory,
            "include_dashboard": False,
        }
    )
    try:
        with _standard_error_if_it_fails():
            ray.init(
                address or "local", log_to_driver=False, logging_level=logging.ERROR, **made_here
            )
    except Exception as error:  # Ray raises no class of its own here
        where = f"answer at {address}" if address else "start here"
        raise ClusterError(f"Ray did not {where} ({error}); try again if it is busy") from error


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Silences a library's own account of errors that it raises as well."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def _standard_error_if_it_fails() -> Iterator[None]:
    """Holds back what C++ code writes to standard error, unless the block raises.

    Ray announces there that it honours ``RAY_BACKEND_LOG_LEVEL``.
    """
    sys.stderr.flush()
    before = os.dup(2)
    with tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), 2)
        try:
            yield
        except BaseException:
            held_back.seek(0)
            os.write(before, held_back.read())
            raise
        finally:
            os.dup2(before, 2)
            os.close(before)
