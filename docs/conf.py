"""Settings of Sphinx, which builds ``site/`` from the documents and the docstrings.

The source folder is the repository, so that links between its pages hold here as they do in a
checkout: ``make docs``.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from pygments.lexers.data import JsonLexer
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish
from sphinx.util.docutils import SphinxDirective

import tagger
from tagger import schema

_LATIN = re.compile(r"[a-zA-Z0-9_]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")

project = "caijing-tagger"
author = "The caijing-tagger developers"
release = tagger.__version__
copyright = f"{date.today().year}, {author}"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
root_doc = "docs/index"
include_patterns = [
    "*.md",
    "docs/**.md",
    "docs/**.rst",
    "data/README.md",
    "data/*/*.md",
    "models/*/README.md",
    "tests/benchmarks/*.md",
    "training/README.md",
]
# Not looked into at all.
exclude_patterns = [".*", "site", "work", "build", "dist", "tagger", "data/samples"]
suppress_warnings = [
    "myst.header",  # model cards begin with the headings of their parts
    "toc.not_included",  # pages of data and benchmarks are reached by links
]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True

html_search_language = "zh"
language = "en"

html_theme = "furo"
html_title = "caijing-tagger"
html_static_path = [str(Path(__file__).parent / "_static")]
html_css_files = ["site.css"]
templates_path = [str(Path(__file__).parent / "_templates")]
# The address of the site is that of its front page.
html_additional_pages = {"index": "front.html"}
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#a3271f",
        "color-brand-content": "#a3271f",
        "font-stack": (
            "system-ui, -apple-system, 'Segoe UI', 'Noto Sans CJK SC', 'PingFang SC', "
            "'Microsoft YaHei', sans-serif"
        ),
        "font-stack--monospace": (
            "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', "
            "'Noto Sans Mono CJK SC', monospace"
        ),
    },
    "dark_css_variables": {
        "color-brand-primary": "#ff8f80",
        "color-brand-content": "#ff8f80",
    },
}
pygments_style = "friendly"
pygments_dark_style = "monokai"

# Prompts and outputs are not copied.
copybutton_prompt_text = "$ "
copybutton_exclude = ".linenos, .gp, .go"


class ChineseAndEnglish(SearchEnglish):
    """Latin words by the English stemmer, and every pair of neighbouring Chinese characters.

    A dictionary's words would not do: a page and a question to it may be cut differently.
    """

    lang = "zh"
    js_splitter_code = (Path(__file__).parent / "split_query.js").read_text(encoding="utf-8")

    def split(self, input: str) -> list[str]:
        """The terms of a text for the index."""
        words = _LATIN.findall(input)
        for run in _CHINESE.findall(input):
            words += [run[start : start + 2] for start in range(max(1, len(run) - 1))]
        return words

    def word_filter(self, word: str) -> bool:
        """Whether a term is worth its place."""
        return len(word) > 1


class Names(SphinxDirective):
    """A table of one of the dictionaries of ``tagger.schema``: names and their Chinese names."""

    required_arguments = 1
    option_spec: ClassVar = {"what": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        names: dict[str, str] = getattr(schema, self.arguments[0])
        lines = [".. list-table::", "   :header-rows: 1", "   :widths: 40 60", ""]
        rows = [(self.options["what"], "in Chinese"), *((f"``{a}``", b) for a, b in names.items())]
        for first, second in rows:
            lines += [f"   * - {first}", f"     - {second}"]
        table = nodes.section()
        self.state.nested_parse(StringList(lines, source="tagger/schema.py"), 0, table)
        return table.children


def _add_contents(app: Sphinx, name: str, source: list[str]) -> None:
    """The contents at the side of every page, kept out of the page as a checkout shows it."""
    if name == root_doc:
        source[0] += (Path(__file__).parent / "contents.txt").read_text(encoding="utf-8")


def _readable_signature(
    app: Sphinx, what: str, name: str, thing: object, options: object, signature: str, returns: str
) -> tuple[str, str] | None:
    """Defaults that a factory makes, written so that they parse."""
    return (signature.replace("<factory>", "..."), returns) if signature else None


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("autodoc-process-signature", _readable_signature)
    app.add_lexer("jsonl", JsonLexer)
    app.add_lexer("tsv", TextLexer)
    app.add_search_language(ChineseAndEnglish)
    app.add_directive("names", Names)
    app.connect("source-read", _add_contents)
