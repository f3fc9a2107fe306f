"""Checks commands against the programs they call, without running them."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import typer

ROOT = Path(__file__).parent.parent

_REDIRECTION = re.compile(r"\s\d?(?:>>?|<)\s*(?:&\d|\S+)")
_SEPARATOR = re.compile(r"\s*(?:;|&&?|\|\|?|\)|\$\()\s*")
_LEADING = re.compile(r"^(?:(?:until|while|do|if|then|time|nohup)\s|\w+=\S*(?:\s|$))\s*")
# Hides the separators that stand in quotes.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_HIDDEN = str.maketrans(";&|()<>$", "\ue000\ue001\ue002\ue003\ue004\ue005\ue006\ue007")
_SHOWN = {value: key for key, value in _HIDDEN.items()}
_EXTRAS = re.compile(r"\[([\w,-]+)\]")


# Every error of usage; Typer has it under no name of its own.
_UsageError = typer.BadParameter.__bases__[0]


class WrongCommandError(ValueError):
    """A command that its program would refuse."""


def command_lines(text: str) -> list[str]:
    """The commands of a shell block, with the lines that end in a backslash joined."""
    joined = re.sub(r"\\\n\s*", "", text)
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def check(line: str) -> None:
    """Raises WrongCommandError for an option, argument, extra or target that there is not."""
    for words in _commands(line):
        program, *rest = words
        checker = _CHECKERS.get(program)
        if checker is not None:
            try:
                checker(rest)
            except _UsageError as error:
                said = error.format_message()  # type: ignore[attr-defined]
                raise WrongCommandError(f"{shlex.join(words)}: {said}") from error


def _commands(line: str) -> Iterator[list[str]]:
    hidden = _QUOTED.sub(lambda match: match[0].translate(_HIDDEN), line)
    for part in _SEPARATOR.split(_REDIRECTION.sub("", hidden)):
        while (match := _LEADING.match(part)) is not None:
            part = part[match.end() :]
        words = shlex.split(part.translate(_SHOWN), comments=True)
        if words:
            yield words


def _check_tagger(arguments: list[str]) -> None:
    from tagger.cli import app

    group: Any = typer.main.get_command(app)
    if not arguments or arguments[0].startswith("-"):
        known = {"--help", "-h"}.union(*(each.opts for each in group.params))
        if unknown := set(arguments) - known:
            raise WrongCommandError(f"tagger has no option {min(unknown)}")
        return
    _parse(group, arguments)


def _check_python(arguments: list[str]) -> None:
    if arguments[:1] != ["-m"]:
        if arguments and not (ROOT / arguments[0]).is_file():
            raise WrongCommandError(f"there is no {arguments[0]}")
        return
    _, name, *rest = arguments
    source_file = ROOT / name.replace(".", "/")
    source_file = source_file / "__main__.py" if source_file.is_dir() else source_file
    source_file = source_file.with_suffix(".py")
    if not source_file.is_file():
        if name.split(".")[0] in ("tagger", "training", "tests", "docs"):
            raise WrongCommandError(f"there is no module {name}")
        return  # another project's
    source = source_file.read_text(encoding="utf-8")
    function = _typer_function(source)
    calls_typer = function is not None or "typer.Typer(" in source
    module = importlib.import_module(name) if calls_typer else None
    if isinstance(getattr(module, "app", None), typer.Typer):
        _parse(typer.main.get_command(module.app), rest)
    elif module is not None and function is not None:
        app = typer.Typer()
        app.command()(getattr(module, function))
        _parse(typer.main.get_command(app), rest)
    else:
        unknown = [each for each in rest if each.startswith("--") and f'"{each}"' not in source]
        if unknown:
            raise WrongCommandError(f"{name} has no option {unknown[0]}")


def _typer_function(source: str) -> str | None:
    """The function that a module hands to ``typer.run``."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "typer.run"
            and isinstance(node.args[0], ast.Name)
        ):
            return node.args[0].id
    return None


def _parse(command: Any, arguments: list[str]) -> None:
    if arguments and hasattr(command, "commands"):
        name, *arguments = arguments
        if name not in command.commands:
            raise WrongCommandError(f"{command.name} has no command {name!r}")
        command = command.commands[name]
    if "--help" not in arguments:
        command.make_context(command.name, list(arguments))


def _check_pip(arguments: list[str]) -> None:
    for word in arguments:
        if word.startswith((".", "caijing-tagger")) and (match := _EXTRAS.search(word)):
            unknown = set(match[1].split(",")) - _extras()
            if unknown:
                raise WrongCommandError(f"pyproject.toml has no extra {min(unknown)!r}")


@cache
def _extras() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return set(project["project"]["optional-dependencies"])


def _check_make(arguments: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in arguments:
        if not re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE):
            raise WrongCommandError(f"the Makefile has no target {target!r}")


_CHECKERS: dict[str, Callable[[list[str]], None]] = {
    "tagger": _check_tagger,
    "python": _check_python,
    "pip": _check_pip,
    "make": _check_make,
}
