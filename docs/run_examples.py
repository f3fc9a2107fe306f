"""Runs the Python examples of the READMEs and writes what they print under them.

An example stands under ``<!-- example: NAME -->``, its output under ``<!-- output: NAME -->``.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", ROOT / "README.zh.md")

_EXAMPLE = re.compile(r"<!-- example: (\w+) -->\n```python\n(.*?)```", re.DOTALL)
_OUTPUT = re.compile(r"(<!-- output: (\w+) -->\n```text\n)(.*?)(```)", re.DOTALL)


def with_outputs(page: str) -> str:
    """The page with the output of every example as its code prints it now."""
    printed = {name: _run(code) for name, code in _EXAMPLE.findall(page)}
    return _OUTPUT.sub(lambda match: match[1] + printed[match[2]] + match[4], page)


def _run(code: str) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, "<example>", "exec"), {})
    return output.getvalue()


if __name__ == "__main__":
    for path in PAGES:
        path.write_text(with_outputs(path.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"{path.name}: done", file=sys.stderr)
