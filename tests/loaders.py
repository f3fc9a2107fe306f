"""Loaders for batches that weigh much, hold threads, fail or die; light to import."""

from __future__ import annotations

import os
from typing import NoReturn

from fake_tagger import FakeTagger

from tagger.resources import resource_path

HEAVY = 64 << 20


class HeavyTagger(FakeTagger):
    """Holds 64 MiB, and with ``threads`` a session of ONNX Runtime that has so many."""

    def __init__(self, threads: int | None = None) -> None:
        self.ballast = bytearray(b"\1") * HEAVY
        if threads:
            # Its reports to its maker come from a thread of their own.
            os.environ["ORT_DISABLE_TELEMETRY"] = "1"
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            model = resource_path("models/fast") / "model.onnx"
            self.session = onnxruntime.InferenceSession(str(model), options)


class AwkwardError(Exception):
    """Cannot be unpickled: it wants two arguments."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(f"{model} is {reason}")


def fail(model: str) -> NoReturn:
    raise ValueError(f"no model {model!r}")


def fail_awkwardly() -> NoReturn:
    raise AwkwardError("the model", "damaged")


def die() -> NoReturn:
    os._exit(7)
