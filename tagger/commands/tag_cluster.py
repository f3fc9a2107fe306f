"""``tagger tag --engine ray``: what the command does where the work is done by a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from tagger.commands.saying import say
from tagger.writers import OutputFormat

if TYPE_CHECKING:
    from tagger.readers import ReadOptions
    from tagger.units import Loader


class Packing(StrEnum):
    """How the JSON lines of a cluster are packed."""

    GZ = "gz"
    ZST = "zst"


@dataclass(frozen=True)
class ClusterOptions:
    """What the command line says of a run on a cluster; None is left to the engine."""

    output_format: OutputFormat | None
    packed: Packing | None
    by_day: bool
    batch_size: int
    part_units: int | None
    actors: int | None
    gpus_per_actor: float | None
    device: str
    stop_at_error: bool
    restart: bool
    quiet: bool

    def check_local(self) -> None:
        """Raises ValueError where a run without a cluster is given what only a cluster knows."""
        for name, value, instead in (
            ("--packed", self.packed, "end the name of the output in .jsonl.gz or .jsonl.zst"),
            ("--part-units", self.part_units, "leave it out: the output is one file"),
            ("--gpus-per-actor", self.gpus_per_actor, "name the card with --device"),
        ):
            if value is not None:
                raise ValueError(f"{name} is for --engine ray alone; {instead}")

    def arguments(self, output: str) -> dict[str, Any]:
        """The arguments of :func:`tagger.cluster.run`."""
        from tagger.cluster.engine import PART_UNITS
        from tagger.cluster.parts import named_format
        from tagger.cluster.storage import Location

        by_name, packed_by_name = named_format(Location.of(output))
        output_format = self.output_format or by_name
        packed = self.packed or packed_by_name
        gpus = self.gpus_per_actor
        if gpus is None:
            # Ray shows a card only to an actor that asks for one.
            gpus = 1.0 if self.device.startswith("cuda") else 0.0
        return {
            "output_format": output_format,
            "packed": str(packed) if packed else None,
            "by_day": self.by_day,
            "batch_size": self.batch_size,
            "part_units": self.part_units or PART_UNITS,
            "actors": self.actors,
            "gpus_per_actor": gpus,
            "restart": self.restart,
            "stop_at_error": self.stop_at_error,
        }


def tag_on_cluster(
    inputs: list[str],
    output: str | None,
    load: Loader,
    reading: ReadOptions,
    settings: dict[str, Any],
    options: ClusterOptions,
) -> int:
    """Tags with Ray; the exit status.

    Raises ValueError, FileExistsError, FileNotFoundError or ModuleNotFoundError for a wrong option.
    """
    from tagger.cluster import ClusterError, run
    from tagger.commands.error_console import ErrorConsole
    from tagger.summary import ProgressLine, Summary
    from tagger.tagging import StoppedAtError

    if output is None:
        raise ValueError("a cluster writes a folder of parts; name it with -o")
    console = ErrorConsole()
    tell = partial(say, console)
    shown = not options.quiet and console.is_terminal
    told = None if options.quiet else tell
    with ProgressLine(console, Summary(), shown=shown, say=told) as progress:
        try:
            summary = run(
                inputs,
                output,
                load,
                reading,
                settings=settings,
                after_each=progress.update,
                **options.arguments(output),
            )
        except StoppedAtError as error:
            tell(str(error))
            tell(
                f"stopped at the first error; go on without it by leaving out --on-error stop, or "
                f"mend it and begin again with --restart (what is done is in {output})"
            )
            return 1
        except ClusterError as error:
            tell(f"Error: {error}; the same command goes on")
            return 1
        except (FileExistsError, FileNotFoundError):
            raise
        except OSError as error:
            tell(f"Error: {error}; mend that (rights, room, network), and the same command goes on")
            return 1
        except KeyboardInterrupt:
            tell("interrupted; the same command goes on")
            return 130
    if not options.quiet:
        tell(str(summary))
        if summary.counts.failed:
            tell(f"{summary.counts.failed:,} failed: {output}/errors")
    return 1 if summary.counts.failed else 0
