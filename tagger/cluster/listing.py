"""From what the user names to the files that a cluster reads, in a fixed order."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tagger.cluster.storage import Location, files_below, is_url, kind_of, size_of
from tagger.readers import ReadError, ReadOptions, find_files
from tagger.readers.files import each_input, matches, shown
from tagger.readers.formats import STANDARD_INPUT, format_by_name

# In a URL a question mark begins the settings of the filesystem.
_MAGIC = re.compile(r"[*\[]")
_PIECES = re.compile(r"\*\*/|\*\*|\*|\[[^\]]+\]|.", re.DOTALL)
_WILD = {"**/": "(?:.+/)?", "**": ".*", "*": "[^/]*"}


@dataclass(frozen=True)
class SourceFile:
    """A file to read. ``name`` is what it is called in ids and errors; ``size`` is in bytes."""

    name: str
    location: Location
    size: int


Entry = SourceFile | ReadError


def find_inputs(
    inputs: str | Path | Iterable[str | Path], options: ReadOptions, output: Location
) -> Iterator[Entry]:
    """Yields every file to read, each once, in the order of a local run.

    Beside what :func:`~tagger.readers.find_files` takes, an input may be the URL of a file or
    folder, or a URL with ``*``, ``**`` and ``[…]`` in its path; a file's name is then its URL
    without settings. Files below ``output`` are passed over. What cannot be read is yielded as a
    :class:`~tagger.readers.ReadError`. Raises ValueError for standard input, which no other
    machine reaches, and for a URL that cannot be opened.
    """
    seen: set[Location] = set()
    for given in each_input(inputs):
        if str(given) == STANDARD_INPUT:
            raise ValueError(
                "a cluster cannot read standard input; write the articles to a file that every "
                "machine reaches"
            )
        for found in _url(str(given), options) if is_url(given) else _paths(given, options):
            location = _location(found)
            if isinstance(found, SourceFile):
                if location in seen:
                    continue
                seen.add(location)
            if not output.holds(location):
                yield found


def _location(found: Entry) -> Location:
    return found.location if isinstance(found, SourceFile) else Location.of(found.path)


def _paths(given: str | Path, options: ReadOptions) -> Iterator[Entry]:
    for found in find_files([given], options):
        if isinstance(found, ReadError):
            yield found
        else:
            location = Location.of(Path(found))
            yield SourceFile(shown(found), location, _size(location))


def _size(location: Location) -> int:
    """The size of this machine's file; what has gone in the meantime is for the reader to say."""
    try:
        return os.path.getsize(location.path)  # noqa: PTH202
    except OSError:
        return 0


def _url(given: str, options: ReadOptions) -> Iterator[Entry]:
    location = Location.of(given)
    if _MAGIC.search(location.path):
        yield from _matching(location, options)
        return
    found = kind_of(location)
    if found == "folder":
        yield from _folder(location, options)
    elif found is None:
        yield _error(location, "no such file or folder", "check the URL")
    elif not matches(location.path, options.exclude):
        yield SourceFile(str(location), location, size_of(location))


def _matching(pattern: Location, options: ReadOptions) -> Iterator[Entry]:
    magic = _MAGIC.search(pattern.path)
    assert magic is not None
    root = Location(
        pattern.prefix, posixpath.dirname(pattern.path[: magic.start()] + "x"), pattern.settings
    )
    expression = _expression(pattern.path)
    found_any = False
    for file, size in files_below(root):
        # A pattern that matches a folder stands for the files in it, as in a shell.
        matched = [each for each in (file.path, *_parents(file.path)) if expression.fullmatch(each)]
        if not matched or _is_hidden(file.path, root.path):
            continue
        found_any = True
        is_file = matched[0] == file.path
        folder = root.path if is_file else matched[-1]
        yield from _chosen(file, size, folder, options, named=is_file)
    if not found_any:
        yield _error(pattern, "no file matches this pattern", "check the pattern and the folder")


def _folder(folder: Location, options: ReadOptions) -> Iterator[Entry]:
    found_any = False
    for file, size in files_below(folder):
        if not _is_hidden(file.path, folder.path):
            for chosen in _chosen(file, size, folder.path, options, named=False):
                found_any = True
                yield chosen
    if not found_any:
        yield _error(
            folder,
            "the folder holds no articles",
            "check the folder and the include and exclude patterns",
        )


def _chosen(
    file: Location, size: int, folder: str, options: ReadOptions, *, named: bool
) -> Iterator[Entry]:
    """The file, where the patterns want it; an error where it is no article.

    ``named`` says that the user's own pattern matched the file, whatever its suffix.
    """
    relative = posixpath.relpath(file.path, folder)
    paths = (relative, *(each for each in _parents(relative) if each))
    if any(matches(each, options.exclude) for each in paths):
        return
    if options.include and not matches(relative, options.include):
        return
    if named or options.format or options.include or format_by_name(file.path):
        yield SourceFile(str(file), file, size)
        return
    suffix = PurePosixPath(file.path).suffix
    yield _error(
        file,
        f"{suffix} is no article format",
        f"leave such files out with --exclude '*{suffix}', or name the file on its own to have "
        "its format found from its content",
    )


def _expression(pattern: str) -> re.Pattern[str]:
    """A glob as an expression in which ``*`` stays within a folder and ``**`` does not."""
    return re.compile("".join(map(_piece, _PIECES.findall(pattern))), re.DOTALL)


def _piece(glob: str) -> str:
    if glob in _WILD:
        return _WILD[glob]
    if len(glob) > 1:  # a set of characters
        inside = glob[1:-1].replace("\\", r"\\")
        return f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"
    return re.escape(glob)


def _parents(path: str) -> Iterator[str]:
    while (path := posixpath.dirname(path)) not in ("", "/"):
        yield path


def _is_hidden(path: str, folder: str) -> bool:
    return any(name.startswith(".") for name in posixpath.relpath(path, folder).split("/"))


def _error(location: Location, reason: str, remedy: str) -> ReadError:
    name = str(location)
    return ReadError(path=name, record=None, id=name, reason=reason, remedy=remedy)
