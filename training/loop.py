"""The training loop: steps, averaged weights, evaluation after every epoch, checkpoints."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from tagger.network import CharacterTagger, Heads, Outputs
from training import checkpoints
from training.attention import use_plain_attention
from training.batches import Batch, Sample, cut, grouped, make_batch
from training.dropout import use_pooled_dropout
from training.graph import Range
from training.losses import loss
from training.memory import EVERY_STEPS, give_back
from training.origin import CHECKPOINT_FILE
from training.ranges import measure_ranges
from training.report import EpochResult
from training.rounding import set_ranges, use_rounding
from training.settings import Settings
from training.tasks import Task
from training.teacher import Teacher

# Windows on which it is measured what the 8 bits of the export must hold.
_MEASURED_WINDOWS = 256

# Held-out F1 by layer of a network.
Evaluate = Callable[[nn.Module], dict[str, float]]

_SIGN_OF_LIFE_SECONDS = 60

T = TypeVar("T")


class TrainingLoop:
    """One run over the tasks, of which the first is the model's own and the others auxiliary;
    :meth:`run` keeps the epoch with the best held-out score."""

    def __init__(
        self,
        model: CharacterTagger,
        tasks: Sequence[Task],
        evaluate: Evaluate,
        settings: Settings,
        folder: Path,
        console: Console,
        teacher: Teacher | None = None,
    ) -> None:
        self._model = model
        self._teacher = teacher
        self._tasks = tasks
        # The first task is read by the model's own heads.
        self._auxiliary = nn.ModuleList(
            Heads(task.config, model.entity_head.in_features) for task in tasks[1:]
        )
        self._evaluate = evaluate
        self._settings = settings
        if settings.quantization_aware:
            use_rounding(model)
        self._checkpoint = folder / CHECKPOINT_FILE
        self._best = folder / checkpoints.BEST_FILE
        self._console = console
        parameters = _parameter_groups(nn.ModuleList([model, self._auxiliary]), settings)
        self._optimizer = torch.optim.AdamW(parameters, fused=True)
        steps = sum(task.steps() * min(task.epochs, settings.epochs) for task in tasks)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: learning_rate(step, steps, settings.warmup)
        )
        self._averaged = AveragedModel(model, multi_avg_fn=moving_average(settings.averaging))
        self._ranges: dict[str, Range] = {}
        self._history: list[EpochResult] = []
        self._epoch = 0
        self._step = 0
        self._loss = 0.0

    def resume(self) -> bool:
        """Goes back to the last checkpoint of the folder; False if there is none."""
        if not self._checkpoint.exists():
            return False
        saved = checkpoints.read(self._checkpoint)
        for name, part in self._parts().items():
            part.load_state_dict(saved[name])
        torch.set_rng_state(saved["random"])
        self._round(saved.get("ranges", {}))
        self._history = [EpochResult(*each) for each in saved["history"]]
        self._epoch, self._step, self._loss = saved["epoch"], saved["step"], saved["loss"]
        self._console.print(f"resumed at epoch {self._epoch + 1}, step {self._step}")
        return True

    def run(self) -> list[EpochResult]:
        """Trains to the end and leaves the best epoch's averaged weights in the model."""
        with fast_on_cpu(self._model, self._settings) as self._autocast:
            while self._epoch < self._settings.epochs and not self._stalled():
                self._train_epoch()
                self._finish_epoch()
        self._model.load_state_dict(checkpoints.read(self._best))
        return self._history

    def clear(self) -> None:
        """Removes the run's checkpoints."""
        self._checkpoint.unlink(missing_ok=True)
        self._best.unlink(missing_ok=True)

    def _train_epoch(self) -> None:
        settings = self._settings
        if settings.quantization_aware and not self._step:
            self._round(self._measured())
        batches = self._batches()
        self._model.train()
        last_save = time.monotonic()
        title = f"epoch {self._epoch + 1}/{settings.epochs}"
        for heads, task, windows in with_progress(batches, self._step, title, self._console):
            # Padded only now: all batches of an epoch take gigabytes.
            batch = make_batch(windows, task.config)
            self._loss += self._update(heads, batch) / len(batches)
            self._step += 1
            if self._step % EVERY_STEPS == 0:
                give_back()
            if time.monotonic() - last_save > 60 * settings.checkpoint_minutes:
                self._save()
                last_save = time.monotonic()

    def _measured(self) -> dict[str, Range]:
        """What the averaged network must hold, on some of the windows that it learns from."""
        task = self._tasks[0]
        windows = [part for each in task.examples for part in cut(each, task.max_characters)]
        chosen = windows[:: -(-len(windows) // _MEASURED_WINDOWS)]
        network = self._averaged.module.eval()
        set_ranges(network, {})
        features = [task.featurizer(each.text) for each in chosen]
        return measure_ranges(network, features, task.config.pad_piece)

    def _round(self, ranges: dict[str, Range]) -> None:
        self._ranges = ranges
        for network in (self._model, self._averaged.module):
            set_ranges(network, ranges)

    def _batches(self) -> list[tuple[Heads, Task, list[Sample]]]:
        """One epoch of every task that takes part in it, in a random order."""
        seed = f"{self._settings.seed}:{self._epoch}"
        order = random.Random(seed)
        found = [
            (heads, task, windows)
            for heads, task in zip([self._model, *self._auxiliary], self._tasks, strict=True)
            if self._epoch < task.epochs
            for windows in grouped(task.samples(seed), task.batch_size, order)
        ]
        order.shuffle(found)
        return found

    def _update(self, heads: Heads, batch: Batch) -> float:
        with self._autocast():
            states = self._model.states(**batch.inputs)
            outputs = heads.read(states)
            opinion = None
            if self._teacher is not None and heads is self._model:
                opinion = self._teacher.loss(states, outputs, batch)
        value = loss(Outputs(*(each.float() for each in outputs)), batch, self._settings)
        if opinion is not None:
            value = value + self._settings.teacher_weight * opinion
        self._optimizer.zero_grad(set_to_none=True)
        value.backward()
        parameters = chain(self._model.parameters(), self._auxiliary.parameters())
        nn.utils.clip_grad_norm_(parameters, self._settings.gradient_norm)
        self._optimizer.step()
        self._schedule.step()
        self._averaged.update_parameters(self._model)
        return float(value.item())

    def _finish_epoch(self) -> None:
        network = self._averaged.module
        result = EpochResult(self._epoch + 1, self._loss, self._evaluate(network))
        self._history.append(result)
        self._console.print(result.line(), highlight=False)
        if result.value >= max(each.value for each in self._history):
            checkpoints.write(network.state_dict(), self._best)
        self._epoch, self._step, self._loss = self._epoch + 1, 0, 0.0
        self._save()

    def _stalled(self) -> bool:
        if not self._history:
            return False
        best = max(self._history, key=lambda each: each.value).epoch
        return self._epoch - best >= self._settings.patience

    def _parts(self) -> dict[str, Any]:
        return {
            "model": self._model,
            "auxiliary": self._auxiliary,
            "averaged": self._averaged,
            "optimizer": self._optimizer,
            "schedule": self._schedule,
        }

    def _save(self) -> None:
        state: dict[str, Any] = {name: part.state_dict() for name, part in self._parts().items()}
        state |= {
            "random": torch.get_rng_state(),
            "ranges": self._ranges,
            "history": [tuple(each) for each in self._history],
            "epoch": self._epoch,
            "step": self._step,
            "loss": self._loss,
        }
        checkpoints.write(state, self._checkpoint)


@contextmanager
def fast_on_cpu(
    model: CharacterTagger, settings: Settings
) -> Iterator[Callable[[], torch.autocast]]:
    """Sets a network up for training on a CPU; gives the context for its forward passes."""
    use_pooled_dropout(model)
    use_plain_attention(model.encoder)
    # Denormal numbers cost time and say nothing; the setting is the whole process's.
    torch.set_flush_denormal(True)
    try:
        yield lambda: torch.autocast("cpu", torch.bfloat16, enabled=settings.bits == 16)
    finally:
        torch.set_flush_denormal(False)


def with_progress(batches: Sequence[T], done: int, title: str, console: Console) -> Iterator[T]:
    """The batches still to do, with a bar on a terminal and a line a minute elsewhere."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    started = last = time.monotonic()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=len(batches), completed=done)
        for number, batch in enumerate(batches[done:], 1):
            yield batch
            progress.advance(task)
            now = time.monotonic()
            if not console.is_terminal and now - last > _SIGN_OF_LIFE_SECONDS:
                left = (now - started) / number * (len(batches) - done - number) / 60
                console.print(f"{title}: {done + number}/{len(batches)}, {left:.0f} minutes left")
                last = now


def _parameter_groups(model: nn.Module, settings: Settings) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for encoder, rate in ((True, settings.encoder_rate), (False, settings.head_rate)):
        for decays in (True, False):
            chosen = [
                parameter
                for name, parameter in model.named_parameters()
                if (".encoder." in name) == encoder and (parameter.ndim > 1) == decays
            ]
            decay = settings.weight_decay if decays else 0.0
            groups.append({"params": chosen, "lr": rate, "weight_decay": decay})
    return groups


def moving_average(decay: float) -> Callable[[Any, Any, Tensor | int], None]:
    """An exponential moving average of weights that forgets where a short run began: its decay
    rises to ``decay`` with the number of steps (as in TensorFlow's ExponentialMovingAverage)."""

    def update(averaged: Any, current: Any, steps: Tensor | int) -> None:
        kept = min(decay, (1 + int(steps)) / (10 + int(steps)))
        torch._foreach_lerp_(averaged, current, 1 - kept)

    return update


def learning_rate(step: int, steps: int, warmup: float) -> float:
    """Linear rise over the share ``warmup`` of the steps, then linear fall to zero."""
    rising = max(1, int(steps * warmup))
    if step < rising:
        return (step + 1) / rising
    return max(0.0, (steps - step) / max(1, steps - rising))
