"""YAML front matter: the block between two ``---`` lines at the head of a Markdown or HTML file."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tagger.readers.errors import Unreadable

# Constructs nothing but strings, lists and dicts: a stock code 000001 stays as written, and so
# does the zone of a date, which YAML's own timestamps lose.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"\s*[\w-]+\s*:(?:\s|$)")
_NOTHING = ("", "~", "null", "Null", "NULL")


def split_front_matter(source: str) -> tuple[dict[str, str | list[str]], str]:
    """The keys of the front matter (empty if there is none) and the rest of the file.

    Values are strings as written, or lists of strings; deeper ones are left out, as are empty
    ones. Line ends must be ``\\n``. Raises Unreadable, with the line, for malformed front matter.
    """
    opening = _OPENING.match(source)
    if opening is None:
        return {}, source
    closing = _CLOSING.search(source, opening.end())
    if closing is None:
        if _KEY.match(source, opening.end()) is None:
            return {}, source  # a horizontal rule
        raise Unreadable(
            "the front matter that line 1 opens is never closed", "close it with a line of ---"
        )
    fields = _load(source[opening.end() : closing.start()])
    return fields, source[closing.end() :].lstrip("\n")


def _load(block: str) -> dict[str, str | list[str]]:
    try:
        data = yaml.load(block, _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 2
        raise Unreadable(
            f"malformed front matter in line {line} ({error.problem})",
            "mend the YAML; a value with a colon needs quotes",
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        detail = str(error).partition("\n")[0]
        raise Unreadable(
            f"malformed front matter ({detail})", "mend the YAML between the two --- lines"
        ) from error
    if data is None or (isinstance(data, str) and data in _NOTHING):
        return {}
    if not isinstance(data, dict):
        raise Unreadable(
            "malformed front matter: it holds no 'key: value' lines",
            "write 'title: ...' between the two --- lines, or remove these lines",
        )
    plain = {str(key): _plain(value) for key, value in data.items()}
    return {key: value for key, value in plain.items() if value}


def _plain(value: Any) -> str | list[str] | None:
    if isinstance(value, str):
        return None if value in _NOTHING else value
    if isinstance(value, list):
        return [each for each in value if isinstance(each, str) and each not in _NOTHING]
    return None
