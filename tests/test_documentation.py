"""What the READMEs say is what happens."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

_spec = importlib.util.spec_from_file_location("run_examples", ROOT / "docs" / "run_examples.py")
assert _spec is not None and _spec.loader is not None
run_examples = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(run_examples)


@pytest.mark.parametrize("path", run_examples.PAGES, ids=lambda path: path.name)
def test_examples_print_what_the_page_shows(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert "<!-- example: api -->" in page
    assert run_examples.with_outputs(page) == page


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/*.md")))
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / "README.zh.md"])
def test_the_page_shows_both_commands(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert "make demo" in page
    assert "make test" in page
