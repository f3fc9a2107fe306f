"""What the documents say is what happens: every code block runs, every link leads somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import page_blocks
import pytest
import run_examples
import shell_commands

ROOT = Path(__file__).parent.parent


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", page_blocks.pages(), ids=_name)
def test_a_page_shows_what_its_examples_print(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert run_examples.with_outputs(page) == page, f"mend it, or: python {run_examples.__file__}"


@pytest.mark.parametrize(
    "path",
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "training" / "README.md"],
    ids=_name,
)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_how_to_is_listed_and_says_what_to_watch() -> None:
    listed = (ROOT / "docs/how-to/index.md").read_text(encoding="utf-8")
    lacking = [
        path.name
        for path in (ROOT / "docs/how-to").glob("*.md")
        if path.name != "index.md"
        and not (
            f"({path.name})" in listed and "## What to watch" in path.read_text(encoding="utf-8")
        )
    ]
    assert lacking == []


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("sphinx")
    command = ["-m", "sphinx", "-b", "dummy", "-q", "-W", "--keep-going", "-c", "docs", "."]
    done = subprocess.run(
        [sys.executable, *command, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / "README.zh.md"], ids=_name)
def test_the_page_shows_both_commands(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert "make demo" in page
    assert "make test" in page


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("```python\nprint(1 / 0)\n```", "line 1: ZeroDivisionError"),
        ("    an indented block", "the language '' is none of"),
        ("```js\nlet a\n```", "the language 'js' is none of"),
        ("```sh\ntagger tag x --no-such\n```", "No such option: --no-such"),
        ("```sh\nfalse\n```", "'false' ended with status 1"),
        ("<!-- not run -->\n```sh\ntrue\n```", "say why it is not run"),
        ("<!-- not run: slow -->\n```sh\ntagger tagg x\n```", "tagger has no command 'tagg'"),
        ("<!-- not run: slow -->\n```python\nfrom tagger import lod\n```", "'lod'"),
        ("```json\n{\n```", "JSONDecodeError"),
        ("<!-- output -->\n```text\n```", "there is nothing to run above"),
    ],
)
def test_a_wrong_example_is_an_error(page: str, message: str) -> None:
    with pytest.raises(run_examples.ExampleError, match=re.escape(message)):
        run_examples.with_outputs(page)


def test_outputs_are_written_under_their_examples() -> None:
    page = """\
```python
numbers = [1, 2]
```

```python
print(*numbers, sep="\\n")
```

<!-- output -->
```text
3
```

```console
$ echo one
two
$ echo '(12 a second)'
(9,000 a second)
```
"""
    written = page.replace("3\n```", "1\n2\n```").replace("two", "one")
    assert run_examples.with_outputs(page) == written


@pytest.mark.parametrize(
    ("shown", "actual", "same"),
    [
        ("a\n", "a", True),
        ("a\n", "b\n", False),
        ("2 articles (1,200 a second)\n", "2 articles (33 a second)\n", True),
        ("2 articles\n", "3 articles\n", False),
        ("python 3.11.7\n", "python 3.13.1\n", True),
        ("a\n…\nc\n", "a\nb\nb\nc\n", True),
        ("a\n…\nc\n", "a\nb\n", False),
        ("a\n…\n", "a\n", True),
    ],
)
def test_outputs_agree_in_all_but_volatile_figures(shown: str, actual: str, same: bool) -> None:
    assert run_examples.same_output(shown, actual) == same


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("tagger tag a.txt -o out.jsonl --resume", None),
        ("cat a.html | tagger tag - --input-format html > out.jsonl 2> log", None),
        ("until tagger tag archive/ -o out.jsonl --resume; do sleep 60; done", None),
        ("nohup tagger tag archive/ -o out.jsonl & tagger info", None),
        ("tagger query news.duckdb --company '某;公司'", None),
        ("tagger --install-completion", None),
        ("tagger --no-such", "--no-such"),
        ("tagger tag --help", None),
        ("tagger tag a.txt --jobs none", "--jobs"),
        ("tagger tag a.txt --format docx", "docx"),
        ("sleep 1; tagger serve --hots 0.0.0.0", "--hots"),
        ("tagger tag", "INPUT"),
        ("python -m training.train --init shipped --dev d.jsonl --output models/mine", None),
        ("python -m training.train --no-such", "--no-such"),
        ("python -m training.no_such", "training.no_such"),
        ("python -m build", None),
        ("pip install 'caijing-tagger[ray,duckdb]'", None),
        ("pip install -e '.[no-such]'", "no-such"),
        ("make demo", None),
        ("make no-such", "no-such"),
    ],
)
def test_commands_are_checked_without_running_them(command: str, message: str | None) -> None:
    if message is None:
        shell_commands.check(command)
    else:
        with pytest.raises(shell_commands.WrongCommandError, match=re.escape(message)):
            shell_commands.check(command)
