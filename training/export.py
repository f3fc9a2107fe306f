"""Writes the ONNX file of a model folder, weights in 8 bits, and proves it against torch.

``python -m training.export --model DIR --sample train.jsonl``
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from tagger.encoder import Backend, OnnxBackend, score_windows
from tagger.features import Features, Featurizer
from tagger.model import ONNX_FILE, WEIGHTS_FILE, ModelConfig
from tagger.network import CharacterTagger
from tagger.text import windows
from training import checkpoints
from training.calibrate import calibrate
from training.graph import build_graph, is_supported
from training.prediction import TorchBackend, evaluate
from training.ranges import measure_ranges
from training.readers.content import read_texts
from training.readers.reading import read_examples
from training.refusing import faults_said
from training.report import update_report
from training.traced import quantize, trace

# Largest difference of a logit that the float32 graph may have from torch.
_TOLERANCE = 1e-3
# Share of characters whose best entity tag may differ after rounding to 8 bits.
_FLIPPED = 0.01
_PROVING_TEXTS = 64
_MEASURING_TEXTS = 256
_CHECKING_TEXTS = 8


def export(folder: Path, texts: Sequence[str]) -> dict[str, float]:
    """Writes ``model.onnx`` and returns what was measured on ``texts``: the largest logit
    difference of the float32 graph, and the share of changed entity tags of the 8-bit one.

    ``texts`` are such as the model reads, best those it was trained on: a few hundred of them also
    tell which values the 8 bits must hold. Raises ValueError if there are none, or if either
    difference is more than rounding explains.
    """
    config, model = checkpoints.load(folder)
    featurizer = Featurizer.load(folder, config)
    features = _sampled(texts, _PROVING_TEXTS + _MEASURING_TEXTS, featurizer, config)
    proving = [each for found in features[:_PROVING_TEXTS] for each in found]
    measuring = [each for found in features[_PROVING_TEXTS:] for each in found] or proving
    if not proving:
        raise ValueError("the export needs texts to be proven on; give a file that holds some")
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / ONNX_FILE
        expected, difference = _proven(folder, model, proving, config, whole)
        _write_rounded(folder, model, measuring, config, whole)
    rounded = _entity_scores(proving, OnnxBackend(folder), config)
    flipped = float((rounded.argmax(-1) != expected.argmax(-1)).mean())
    if flipped > _FLIPPED:
        or_rounded = ", or with quantization_aware = true" if is_supported(config) else ""
        raise ValueError(
            f"8-bit weights change {flipped:.1%} of the entity tags, more than {_FLIPPED:.0%}; "
            f"train longer{or_rounded}"
        )
    return {"logit_difference": difference, "changed_tags": flipped}


def check_exportable(folder: Path, texts: Sequence[str], start: checkpoints.Start) -> None:
    """Raises ValueError before training if its network cannot be exported afterwards. ``texts`` are
    such as it reads."""
    config, model, featurizer = start
    if is_supported(config):
        return
    sampled = _sampled(texts, _CHECKING_TEXTS, featurizer, config)
    features = [each for found in sampled for each in found]
    with tempfile.TemporaryDirectory() as scratch:
        _proven(folder, model, features, config, Path(scratch) / ONNX_FILE)


def _sampled(
    texts: Sequence[str], count: int, featurizer: Featurizer, config: ModelConfig
) -> list[list[Features]]:
    """The windows of about so many texts, spread over all of them, a list a text."""
    return [
        [featurizer(text[start:end]) for start, end in windows(text, config.max_characters)]
        for text in texts[:: max(1, len(texts) // count)]
    ]


def _proven(
    folder: Path,
    model: CharacterTagger,
    features: Sequence[Features],
    config: ModelConfig,
    path: Path,
) -> tuple[np.ndarray, float]:
    """Writes the float32 graph; returns torch's scores of entity tags and how far the graph's are
    from them at most. Raises ValueError if that is more than rounding explains."""
    expected = _entity_scores(features, TorchBackend(model), config)
    try:
        _write_float(folder, model, features, config, path)
        got = _entity_scores(features, OnnxBackend(path.parent), config)
    except Exception as error:  # torch and ONNX Runtime have classes of their own
        raise ValueError(
            f"an encoder of the kind {config.encoder['model_type']!r} cannot be exported "
            f"({' '.join(str(error).split())}); train another one"
        ) from error
    difference = float(np.abs(expected - got).max())
    if difference > _TOLERANCE:
        raise ValueError(
            f"the ONNX graph differs from torch by {difference:.2g} in a logit, more than "
            f"{_TOLERANCE:.2g}: the versions of torch and onnx do not fit this encoder"
        )
    return expected, difference


def _write_float(
    folder: Path,
    model: CharacterTagger,
    features: Sequence[Features],
    config: ModelConfig,
    path: Path,
) -> None:
    if not is_supported(config):
        trace(model, features[:2], config, path)
        return
    import onnx

    onnx.save(build_graph(config, _weights(folder)), str(path))


def _write_rounded(
    folder: Path,
    model: CharacterTagger,
    features: Sequence[Features],
    config: ModelConfig,
    whole: Path,
) -> None:
    target = folder / ONNX_FILE
    if not is_supported(config):
        quantize(whole, target, config)
        return
    import onnx

    ranges = measure_ranges(model, features, config.pad_piece)
    onnx.save(build_graph(config, _weights(folder), ranges), str(target))


def _weights(folder: Path) -> dict[str, np.ndarray]:
    from safetensors.numpy import load_file

    weights: dict[str, np.ndarray] = load_file(str(folder / WEIGHTS_FILE))
    return weights


def _entity_scores(
    features: Sequence[Features], backend: Backend, config: ModelConfig
) -> np.ndarray:
    found = score_windows(
        features, backend, config.pad_piece, lambda index, scores: (index, scores.entities.copy())
    )
    return np.concatenate([scores for _index, scores in sorted(found, key=itemgetter(0))])


def _main(
    model: Annotated[Path, typer.Option(help="a model folder with model.safetensors")],
    sample: Annotated[Path, typer.Option(help="JSONL whose texts prove the export")],
    dev: Annotated[
        Path | None, typer.Option(help="annotated JSONL to calibrate and score it on, if given")
    ] = None,
    version: Annotated[str | None, typer.Option(help="a new version for it")] = None,
) -> None:
    """Write model.onnx beside model.safetensors."""
    with faults_said():
        held_out = read_examples(dev) if dev is not None else []
        measured = export(model, read_texts(sample))
        for name, value in measured.items():
            print(f"{name}: {value:.2g}")
        if version is not None:
            replace(ModelConfig.load(model), version=version).save(model)
        if held_out:
            reliability = calibrate(model, held_out)
            config = ModelConfig.load(model)
            scores = evaluate(OnnxBackend(model), config, Featurizer.load(model, config), held_out)
            update_report(model, config, scores, reliability)
            for layer, found in scores.items():
                print(f"{layer}: {found['all'].f1:.4f}")
            print("the card has the figures of before: python -m training.card writes it again")


if __name__ == "__main__":
    typer.run(_main)
