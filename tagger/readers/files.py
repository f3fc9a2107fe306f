"""From files, folders and glob patterns to the files to read, in a fixed order."""

from __future__ import annotations

import errno
import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path

from tagger.readers.errors import ReadError, Unreadable
from tagger.readers.formats import STANDARD_INPUT, format_by_name
from tagger.readers.options import ReadOptions

# A pattern that matches, with a folder, all files below it.
_LISTS_BELOW = re.compile(r"(?:^|[/\\])\*\*(?:[/\\]\*)*$")


def find_files(
    inputs: str | Path | Iterable[str | Path], options: ReadOptions | None = None
) -> Iterator[str | ReadError]:
    """Yields the path of every file to read, each once, as it was given or below the given folder.

    One input may stand alone: ``find_files("articles")`` is ``find_files(["articles"])``.
    ``-`` stands for standard input. Folders are walked in the order of their names, through links
    too; hidden files and folders below a given one are left out. What cannot be read as an
    article (a missing path, a broken link, a folder without articles, a picture in a folder) is
    yielded as a :class:`ReadError`.
    """
    options = options or ReadOptions()
    seen: set[str | ReadError] = set()
    for given in each_input(inputs):
        for found in _expand(str(given), options):
            key = found
            if isinstance(found, str) and found != STANDARD_INPUT:
                key = os.path.normpath(found)
            if key not in seen:
                seen.add(key)
                yield found


def each_input(inputs: str | Path | Iterable[str | Path]) -> Iterable[str | Path]:
    """The inputs one by one; a single one, which a str would give letter by letter, as itself."""
    return [inputs] if isinstance(inputs, str | Path) else inputs


def matches(relative: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns fits a path below a folder.

    A pattern without a slash is asked of the name, one with a slash of the whole path.
    """
    path = Path(relative).as_posix()
    name = path.rpartition("/")[2]
    return any(
        fnmatchcase(path, pattern)
        or fnmatchcase(path, pattern.removeprefix("**/"))
        or ("/" not in pattern and fnmatchcase(name, pattern))
        for pattern in (each.removeprefix("./").rstrip("/") for each in patterns)
    )


def _expand(given: str, options: ReadOptions) -> Iterator[str | ReadError]:
    if given == STANDARD_INPUT:
        yield given
        return
    if not _exists(given) and glob.has_magic(given):
        found_any = False
        for found in chain(_unlisted(given, options), _matching(given, options)):
            found_any = True
            yield found
        if not found_any:
            yield _error(given, "no file matches this pattern", "check the pattern and the folder")
        return
    try:
        is_folder = stat.S_ISDIR(os.stat(given).st_mode)  # noqa: PTH116
    except (OSError, ValueError):
        yield _missing(given)
        return
    if is_folder:
        yield from _folder(given, options)
    elif _wanted(given, given, options, ask_include=False):
        yield given


def _matching(pattern: str, options: ReadOptions) -> Iterator[str | ReadError]:
    for match in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207
        if _is_own(match, options):
            continue
        if os.path.isdir(match):  # noqa: PTH112 - a path stays as it was given
            if not _LISTS_BELOW.search(pattern):
                yield from _folder(match, options)
        elif _wanted(match, match, options, ask_include=True):
            yield match


def _unlisted(pattern: str, options: ReadOptions) -> Iterator[ReadError]:
    """The folders that a pattern looks into and that cannot be listed, which glob passes over."""
    parts = Path(pattern).parts
    looked_into = {
        f"{Path(*parts[: place + (part == '**')])}{os.sep}": None
        for place, part in enumerate(parts)
        if glob.has_magic(part)
    }
    for folders in looked_into:
        for found in sorted(glob.glob(folders, recursive=True)):  # noqa: PTH207
            folder = os.path.normpath(found)
            try:
                os.scandir(folder).close()
            except OSError as error:
                if not matches(folder, options.exclude):
                    yield _cannot_be_listed(folder, error)


def _folder(root: str, options: ReadOptions) -> Iterator[str | ReadError]:
    found_any = False
    for found in _walk(root, root, options, frozenset()):
        found_any = True
        yield found
    if not found_any:
        yield _error(
            root,
            "the folder holds no articles",
            "check the folder and the include and exclude patterns",
        )


def _walk(
    folder: str, root: str, options: ReadOptions, above: frozenset[tuple[int, int]]
) -> Iterator[str | ReadError]:
    try:
        status = os.stat(folder)  # noqa: PTH116
        names = sorted(os.listdir(folder))  # noqa: PTH208
    except OSError as error:
        yield _cannot_be_listed(folder, error)
        return
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        yield _error(folder, "the link leads back to a folder above it", "remove or exclude it")
        return
    for name in names:
        path = os.path.join(folder, name)  # noqa: PTH118
        relative = os.path.relpath(path, root)
        if name.startswith(".") or matches(relative, options.exclude) or _is_own(path, options):
            continue
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116
        except OSError:
            yield _missing(path)
            continue
        if stat.S_ISDIR(mode):
            yield from _walk(path, root, options, above | {identity})
        elif _wanted(path, relative, options, ask_include=True):
            yield from _file_in_folder(path, mode, options)


def _file_in_folder(path: str, mode: int, options: ReadOptions) -> Iterator[str | ReadError]:
    if not stat.S_ISREG(mode):
        yield _error(path, "not a regular file", "exclude it, or name it on its own to read it")
    elif options.format is None and not options.include and format_by_name(path) is None:
        suffix = shown(Path(path).suffix)
        yield _error(
            path,
            f"{suffix} is no article format",
            f"leave such files out with --exclude '*{suffix}', or name the file on its own to have "
            "its format found from its content",
        )
    else:
        yield path


def _wanted(path: str, relative: str, options: ReadOptions, *, ask_include: bool) -> bool:
    if matches(relative, options.exclude) or matches(Path(path).name, options.exclude):
        return False
    return not (ask_include and options.include) or matches(relative, options.include)


def _is_own(path: str, options: ReadOptions) -> bool:
    """Whether a path is one of ``options.own`` or lies below one."""
    parts = Path(path).parts
    is_named_so = any(os.path.basename(each) in parts for each in options.own)  # noqa: PTH119
    if not (is_named_so or (options.own and os.path.islink(path))):  # noqa: PTH114
        return False
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(each) for each in options.own)


def _exists(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:
        return False


def _cannot_be_listed(folder: str, error: OSError) -> ReadError:
    reason = f"the folder cannot be listed ({error.strerror})"
    return _error(folder, reason, "check its rights", transient=True)


def _missing(path: str) -> ReadError:
    try:
        if os.path.islink(path):  # noqa: PTH114
            target = shown(os.readlink(path))  # noqa: PTH115
            reason, remedy = f"a broken link to {target}", "mend or remove the link"
        else:
            os.stat(path)  # noqa: PTH116
            reason, remedy = "it disappeared while the folder was read", "run again"
    except FileNotFoundError:
        reason, remedy = "no such file or folder", "check the path"
    except OSError as error:
        reason, remedy = f"cannot be read ({error.strerror})", "check the rights of its folder"
        if error.errno == errno.ENAMETOOLONG:
            remedy = "give a path; a text itself goes in through -"
            return _error(path, reason, remedy)
    except ValueError as error:
        return _error(path, f"no path at all ({error})", "check the path")
    return _error(path, reason, remedy, transient=True)


def _error(path: str, reason: str, remedy: str, transient: bool = False) -> ReadError:
    return Unreadable(reason, remedy, transient).at(shown(path), None, shown(path))


def shown(path: str) -> str:
    """The path as text that can be written as UTF-8; bytes of no encoding appear as ``\\xNN``."""
    try:
        return os.fsencode(path).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return path.encode("utf-8", "backslashreplace").decode("utf-8")
