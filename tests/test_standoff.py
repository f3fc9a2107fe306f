"""Annotations apart from their texts, and together again."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from training.corpora import write_examples
from training.examples import AnnotatedEvent, Example, Span
from training.readers.reading import read_examples
from training.standoff import app

TEXT = "星河锂业拟减持蓝湾能源2%股份。"
EVENT = AnnotatedEvent(Span(5, 7, "divestment"), (Span(0, 4, "subject"), Span(11, 13, "ratio")))
EXAMPLES = [
    Example("1", TEXT, (Span(0, 4, "COMPANY"), Span(7, 11, "COMPANY")), (EVENT,)),
    Example("2", "没有注释事件。", (), None),
    Example("3", "𠮷田没有注释实体。", None, ()),
]


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    return result.exit_code, result.output + (result.stderr or "")


def test_what_is_detached_and_attached_is_the_same(tmp_path: Path) -> None:
    data, notes, texts, again = (tmp_path / name for name in ("a", "b", "c", "d"))
    write_examples(EXAMPLES, data)
    assert run("detach", "--data", data, "--output", notes)[0] == 0
    assert not any(example.text[:2] in notes.read_text("utf-8") for example in EXAMPLES)
    # The texts may stand in another order, among others.
    lines = [json.dumps({"text": text}) for text in ("别的", *(e.text for e in EXAMPLES[::-1]))]
    texts.write_text("\n".join(lines), encoding="utf-8")
    code, said = run("attach", "--annotations", notes, "--texts", texts, "--output", again)
    assert (code, read_examples(again)) == (0, EXAMPLES)
    assert "3 paragraphs; 0 have no text" in said


def test_a_changed_text_is_counted_and_other_texts_are_refused(tmp_path: Path) -> None:
    data, notes, texts, again = (tmp_path / name for name in ("a", "b", "c", "d"))
    write_examples(EXAMPLES, data)
    run("detach", "--data", data, "--output", notes)
    texts.write_text(json.dumps({"text": TEXT}) + "\n" + json.dumps({"text": "没有"}), "utf-8")
    code, said = run("attach", "--annotations", notes, "--texts", texts, "--output", again)
    assert (code, read_examples(again)) == (0, EXAMPLES[:1])
    assert "2 have no text" in said
    texts.write_text(json.dumps({"text": "没有"}), "utf-8")
    code, said = run("attach", "--annotations", notes, "--texts", texts, "--output", again)
    assert code == 2 and "none of the 3 texts" in said


def test_a_damaged_line_of_annotations_is_named(tmp_path: Path) -> None:
    data, notes, _texts, again = (tmp_path / name for name in ("a", "b", "c", "d"))
    write_examples(EXAMPLES, data)
    run("detach", "--data", data, "--output", notes)
    lines = notes.read_text(encoding="utf-8").splitlines()
    notes.write_text("\n".join([lines[0], '{"id": "2"}', lines[2][:-3]]), encoding="utf-8")
    code, said = run("attach", "--annotations", notes, "--texts", data, "--output", again)
    assert (code, again.exists()) == (2, False)
    assert f"{notes}:2: not as `detach` writes it; detach it again" in said
    assert f"{notes}:3: not JSON at column" in said
