"""The code blocks of a page of Markdown, and what the comments above them say of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parent.parent

# What runs, data that must be well-formed, and `text`, which is output or a drawing.
LANGUAGES = ("python", "console", "sh", "sql", "json", "jsonl", "toml", "tsv", "html", "text")

_COMMENT = re.compile(r"<!--\s*([^:>]+?)\s*(?::\s*(.*?)\s*)?-->", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of code on the lines ``first`` to ``last`` (from 0, half open) of its page.

    ``marks`` are the comments right above it: ``<!-- not run: needs a graphics card -->`` is
    ``{"not run": "needs a graphics card"}``, and ``<!-- output -->`` is ``{"output": ""}``.
    """

    language: str
    text: str
    first: int
    last: int
    marks: Mapping[str, str]


def pages() -> list[Path]:
    """Every page whose blocks are run."""
    return [
        *(ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md")),
        ROOT / "training" / "README.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]


def read_blocks(page: str) -> list[Block]:
    """The blocks of a page in order. An indented block has no language."""
    found = []
    before: Token | None = None
    for token in MarkdownIt("commonmark").parse(page):
        if token.type in ("fence", "code_block") and token.map is not None:
            above = before.content if before is not None and before.type == "html_block" else ""
            marks = {match[1]: match[2] or "" for match in _COMMENT.finditer(above)}
            first, last = token.map
            found.append(Block(token.info.split(" ")[0], token.content, first, last, marks))
        before = token
    return found


def replaced(page: str, block: Block, text: str) -> str:
    """The page with another text in a block that is not indented."""
    lines = page.splitlines(keepends=True)
    lines[block.first + 1 : block.last - 1] = [text if text.endswith("\n") else text + "\n"]
    return "".join(lines)
