"""Runs the code blocks of the documents and writes what they print under them.

``python docs/run_examples.py [PAGE ...]``. A page is run from top to bottom in a folder of its own,
which holds the sample articles and the gold paragraphs of the checkout:

- ``python`` blocks share their names, ``sql`` blocks ask ``news.duckdb``, and both print into the
  ``text`` block under ``<!-- output -->`` that follows;
- ``sh`` blocks are commands; in ``console`` blocks the output stands under each ``$ command``,
  and a line that is ``…`` stands for any lines;
- a block under ``<!-- file: names.tsv -->`` becomes that file;
- one under ``<!-- exit status: 1 -->`` must end with that status;
- one under ``<!-- script: port 8000 -->`` is one script, whose port becomes one that is free;
- one under ``<!-- not run: reason -->`` is only checked: its Python must compile and its imports be
  there, its commands must be what the programs take.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from page_blocks import LANGUAGES, ROOT, Block, pages, read_blocks, replaced
from shell_commands import check, command_lines
from typer.testing import CliRunner

_DATABASE = "news.duckdb"
_ENVIRONMENT = {
    "COLUMNS": "90",
    "LINES": "50",
    "TERM": "dumb",
    "NO_COLOR": "1",
    "LANG": "C.UTF-8",
    "PYTHONPATH": str(ROOT),
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
}
_NEEDS_A_SHELL = re.compile(r"[|<>;&$`]|^\w+=")
_SECONDS = 300
_PROMPT = "$ "
_ANY_LINES = "…"

# What another machine prints differently, or another model.
_VOLATILE = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\([\d,]+\)", "(…)"),
        (r"\([\d,]+ a second\)", "(… a second)"),
        (r"\b[\d,]+ (entit(?:y|ies)|events?|documents?)\b", r"… \1"),
        (r"\b\d+\.\d+\.\d+\S*", "1.2.3"),
        (r"[ \t]+$", ""),
        (r"(?<=[─━])[─━]+", ""),
    )
)


class ExampleError(AssertionError):
    """An example that does not do what its page says; the message names the line."""


def with_outputs(page: str) -> str:
    """The page with what its blocks print now; volatile figures stay as they are.

    Raises ExampleError for a block that fails, and for one that says nothing of how to run it.
    """
    with _page_folder() as folder, _one_tagger():
        run = _Run(folder)
        blocks = read_blocks(page)
        printed = {}
        for index, block in enumerate(blocks):
            if "output" in block.marks:
                if index == 0:
                    raise ExampleError(f"line {block.first + 1}: there is nothing to run above")
                actual = run.printed
            else:
                try:
                    actual = run(block)
                except ExampleError:
                    raise
                except BaseException as error:
                    raise ExampleError(
                        f"line {block.first + 1}: {type(error).__name__}: {error}"
                    ) from error
            if actual is not None and not same_output(block.text, actual):
                printed[index] = actual
    for index in sorted(printed, reverse=True):
        page = replaced(page, blocks[index], printed[index])
    return page


def same_output(shown: str, actual: str) -> bool:
    """Whether two outputs agree in all but volatile figures and what ``…`` stands for."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == _ANY_LINES else re.escape(line) + r"\n"
        for line in _lasting(shown).splitlines()
    )
    return re.fullmatch(pattern, _lasting(actual)) is not None


def _lasting(output: str) -> str:
    lines = []
    for line in output.rstrip("\n").splitlines():
        for pattern, replacement in _VOLATILE:
            line = pattern.sub(replacement, line)
        lines.append(line)
    return "\n".join(lines) + "\n"


class _Run:
    """The blocks of one page, in order."""

    def __init__(self, folder: Path) -> None:
        self.printed = ""
        self._folder = folder
        self._names: dict[str, Any] = {"__name__": "__main__"}
        self._environment = os.environ | _ENVIRONMENT

    def __call__(self, block: Block) -> str | None:
        """Runs a block; what its own text should be where that holds output, else None."""
        if block.language not in LANGUAGES:
            raise ExampleError(
                f"line {block.first + 1}: the language {block.language!r} is none of "
                f"{', '.join(LANGUAGES)}"
            )
        if "file" in block.marks:
            path = self._folder / block.marks["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        if "not run" in block.marks:
            if not block.marks["not run"]:
                raise ExampleError(f"line {block.first + 1}: say why it is not run")
            _check_only(block)
            return None
        return getattr(self, f"_{block.language}", self._data)(block)

    def _python(self, block: Block) -> None:
        output = io.StringIO()
        code = compile("\n" * (block.first + 1) + block.text, "<page>", "exec")
        with contextlib.redirect_stdout(output):
            exec(code, self._names)
        self.printed = output.getvalue()

    def _sql(self, block: Block) -> None:
        import duckdb

        shown = []
        with duckdb.connect(_DATABASE, read_only=True) as connection:
            for statement in duckdb.extract_statements(block.text):
                shown.append(_table(connection.execute(statement)))
        self.printed = "\n".join(shown)

    def _sh(self, block: Block) -> None:
        if "script" in block.marks:
            for line in command_lines(block.text):
                check(line)
            port = block.marks["script"].removeprefix("port ")
            self.printed = self._shell(block.text.replace(port, _free_port()), block)
            return
        outputs = [self._command(line, block) for line in command_lines(block.text)]
        self.printed = "".join(outputs)

    def _console(self, block: Block) -> str:
        shown: list[tuple[str, list[str]]] = []
        for line in block.text.splitlines():
            if line.startswith(_PROMPT):
                shown.append((line, []))
            elif not shown:
                raise ExampleError(f"line {block.first + 2}: {line!r} stands before any command")
            elif shown[-1][0].endswith("\\") and not shown[-1][1]:
                shown[-1] = (f"{shown[-1][0]}\n{line}", [])
            else:
                shown[-1][1].append(line)
        written = []
        for prompt, lines in shown:
            (command,) = command_lines(prompt.removeprefix(_PROMPT))
            actual = self._command(command, block)
            expected = "".join(f"{line}\n" for line in lines)
            kept = expected if same_output(expected, actual) else actual
            written.append(f"{prompt}\n{kept}")
        return "".join(written)

    def _command(self, line: str, block: Block) -> str:
        check(line)
        words = shlex.split(line, comments=True)
        if words[0] == "tagger" and not _NEEDS_A_SHELL.search(re.sub(r"'[^']*'", "", line)):
            from tagger.cli import app

            result = CliRunner().invoke(app, words[1:], env=_ENVIRONMENT)
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                raise result.exception
            _expect(block, line, result.exit_code, result.output)
            return str(result.output)
        return self._shell(line, block)

    def _shell(self, script: str, block: Block) -> str:
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            timeout=_SECONDS,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        _expect(block, script, done.returncode, done.stdout)
        return done.stdout

    def _data(self, block: Block) -> None:
        if block.language == "json":
            json.loads(block.text)
        elif block.language == "jsonl":
            for line in block.text.splitlines():
                json.loads(line)
        elif block.language == "toml":
            tomllib.loads(block.text)


def _expect(block: Block, command: str, status: int, output: str) -> None:
    if status != int(block.marks.get("exit status", "0")):
        raise ExampleError(
            f"line {block.first + 1}: {command!r} ended with status {status}:\n{output}"
        )


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def _table(result: Any) -> str:
    """Rows as lines, with the column names above."""
    rows = [[column[0] for column in result.description], *result.fetchall()]
    lines = [" | ".join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\n".join(lines) + "\n"


def _check_only(block: Block) -> None:
    if block.language == "python":
        for node in ast.walk(ast.parse(block.text)):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                module = importlib.import_module(node.module)
                for name in node.names:
                    getattr(module, name.name)
    elif block.language in ("sh", "console"):
        lines = command_lines(block.text)
        if block.language == "console":
            lines = [each.removeprefix(_PROMPT) for each in lines if each.startswith(_PROMPT)]
        for line in lines:
            check(line)


@contextlib.contextmanager
def _page_folder() -> Iterator[Path]:
    """A folder to run a page in: a copy of the samples and the gold paragraphs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("samples", "gold"):
            shutil.copytree(ROOT / "data" / part, folder / "data" / part)
        (folder / "models").symlink_to(ROOT / "models")
        with contextlib.chdir(folder):
            yield folder


@contextlib.contextmanager
def _one_tagger() -> Iterator[None]:
    """Loads every tagger that the examples ask for once, whatever the number of threads."""
    from tagger import pipeline

    loaded = pipeline.load
    pipeline.load = _loader()  # type: ignore[assignment]
    try:
        yield
    finally:
        pipeline.load = loaded


@cache
def _loader() -> Callable[..., Any]:
    from tagger.pipeline import load

    known: dict[tuple[Any, ...], Any] = {}

    def once(model: str | Path = "default", *, lexicon: Any = None, **settings: Any) -> Any:
        settings.pop("threads", None)
        if lexicon is not None:
            return load(model, lexicon=lexicon, **settings)
        key = (str(model), *sorted((name, str(value)) for name, value in settings.items() if value))
        if key not in known:
            known[key] = load(model, **settings)
        return known[key]

    return once


def main() -> None:
    """Runs the pages that are named, or all, and writes their outputs."""
    chosen = [Path(name).resolve() for name in sys.argv[1:]] or pages()
    for path in chosen:
        page = path.read_text(encoding="utf-8")
        path.write_text(with_outputs(page), encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: done", file=sys.stderr)


if __name__ == "__main__":
    main()
