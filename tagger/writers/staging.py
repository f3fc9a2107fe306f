"""Files and folders that appear under their name only when they are whole."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tagger.writers.room import room_for

# Linux has no process ids of more digits.
_LONGEST_ID = "4194304"
# What follows the name of an output in that of a file or folder on its way in or out.
_PASSING = re.compile(r"\.[0-9]+\.(?:tmp|old)")

# Whether a folder may be an earlier output, as an empty one may.
IsEarlier = Callable[[Path], bool]


@contextmanager
def staged(path: Path, is_earlier: IsEarlier | None = None) -> Iterator[Path]:
    """Gives a temporary path beside ``path`` and moves it into place when the block ends well.

    An exception removes the temporary path and leaves an older ``path`` as it was. With
    ``is_earlier`` the output is a folder. An existing folder that is no earlier output is refused
    with FileExistsError, as is a folder where a file is to be written, or a file where a folder is.
    A device or pipe is handed out as it is. A full disk is an OSError that names ``path``.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        with room_for(path):
            yield path
        return
    path = path.resolve()  # a link stays a link; what it points to is replaced
    check_place(path, is_earlier)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    _remove(temporary)  # in a container every run may have the same process id
    try:
        with room_for(path):
            if is_earlier:
                temporary.mkdir()
            yield temporary
            _place(temporary, path)
    finally:
        _remove(temporary)


def holds_only(*names: str) -> IsEarlier:
    """Tells a folder that holds nothing but files of these names."""
    return lambda folder: {each.name for each in folder.iterdir()} <= {*names}


def check_place(path: Path, is_earlier: IsEarlier | None = None) -> None:
    """Raises FileExistsError where ``path`` cannot be an earlier output, see staged, and OSError
    where the name of what is moved there would be too long."""
    if is_earlier and path.exists() and not path.is_dir():
        raise FileExistsError(
            f"{path} is no folder, and a folder is to be written there; choose another name"
        )
    if path.is_dir() and not (is_earlier and is_earlier(path)):
        raise FileExistsError(
            f"{path} is a folder that is not an earlier output; choose another name"
        )
    with suppress(FileNotFoundError):
        path.with_name(f".{path.name}.{_LONGEST_ID}.tmp").stat()


def clear_up(path: Path) -> None:
    """Removes what processes that were killed left of writing ``path``, which nobody may be writing
    now. An older folder that had already stepped aside steps back."""
    path = path.resolve()
    start = f".{path.name}"
    for left in sorted(path.parent.iterdir()):
        if left.name.startswith(start) and _PASSING.fullmatch(left.name.removeprefix(start)):
            if left.suffix == ".old" and not path.exists():
                left.rename(path)
            else:
                _remove(left)


def _place(temporary: Path, path: Path) -> None:
    if not path.is_dir():
        temporary.replace(path)
        return
    # A folder cannot be replaced in one step; the older one steps aside until the new one stands.
    older = path.with_name(f".{path.name}.{os.getpid()}.old")
    _remove(older)
    path.rename(older)
    temporary.rename(path)
    _remove(older)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
