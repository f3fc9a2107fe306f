"""``tagger convert``: between any two formats, and into what training reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from fake_tagger import ARTICLE, FakeTagger
from typer.testing import CliRunner, Result

from tagger import annotation
from tagger.annotation import AnnotationFormat
from tagger.annotation.guessing import guess_input_format, guess_output_format
from tagger.commands.convert import convert
from tagger.document import Document, Entity
from training.corpora import Example, Span
from training.readers.reading import read_examples

GOLD = Path(__file__).parent.parent / "data" / "gold" / "gold.jsonl"

app = typer.Typer()
app.command()(convert)


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def tagged() -> Document:
    return next(FakeTagger().pipe([Document(ARTICLE.text, id="flash-1", title=ARTICLE.title)]))


@pytest.fixture
def tagged_file(tmp_path: Path, tagged: Document) -> Path:
    path = tmp_path / "tagged.jsonl"
    annotation.write([tagged], path)
    return path


def test_an_article_goes_through_every_tool_and_comes_back(
    tmp_path: Path, tagged: Document, tagged_file: Path
) -> None:
    way = [
        ("doccano.jsonl", "doccano"),
        ("tasks.json", None),
        ("brat", "brat"),
        ("news.spacy", None),
        ("plain.jsonl", "doccano-plain"),
        ("back.jsonl.gz", None),
    ]
    source = tagged_file
    for name, target in way:
        output = tmp_path / name
        result = invoke(source, "-o", output, *(("--to", target) if target else ()))
        assert (result.exit_code, result.stdout) == (0, "")
        source = output
    assert list(annotation.read(source)) == [tagged]


def test_what_comes_back_from_a_tool_trains_as_what_went_in(tmp_path: Path) -> None:
    lines = GOLD.read_text(encoding="utf-8").splitlines()[:20]
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert invoke(path, "-o", tmp_path / "tasks.json").exit_code == 0
    assert invoke(tmp_path / "tasks.json", "-o", tmp_path / "train.jsonl").exit_code == 0
    assert read_examples(tmp_path / "train.jsonl") == read_examples(path)


def test_a_layer_that_nobody_annotated_is_not_learned_from(tmp_path: Path) -> None:
    path = tmp_path / "ner.conll"
    path.write_text("甲 B-ORG\n司 I-ORG\n\n无 O\n", encoding="utf-8")
    output = tmp_path / "train.jsonl"
    assert invoke(path, "-o", output).exit_code == 0
    assert read_examples(output) == [
        Example(f"{path}#1", "甲司", (Span(0, 2, "ORG"),), None),
        Example(f"{path}#2", "无", (), None),
    ]
    assert invoke(path, "-o", output, "--layers", "entities,events").exit_code == 0
    assert [each.events for each in read_examples(output)] == [(), ()]


def test_a_record_that_cannot_be_read_is_listed_and_costs_itself(
    tmp_path: Path, tagged: Document, tagged_file: Path
) -> None:
    with tagged_file.open("a", encoding="utf-8") as file:
        file.write('{"text": "甲", "entities": [{"start": 0, "end": 2, "label": "COMPANY"}]}\n{')
    output = tmp_path / "tasks.json"
    result = invoke(tagged_file, "-o", output)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == f"2 failed: {output}.errors.jsonl"
    listed = Path(f"{output}.errors.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["record"] for line in listed] == ["line 2", "line 3"]
    assert list(annotation.read(output)) == [tagged]


def test_what_a_format_cannot_hold_is_said(tmp_path: Path, tagged_file: Path) -> None:
    output = tmp_path / "news.conll"
    result = invoke(tagged_file, "-o", output)
    assert result.stderr.splitlines() == [
        f"{output}: 1 document as conll",
        "left out, since conll cannot hold it: quantities (3), entity ids and names (5), "
        "scores (7), arguments (3), titles (1), model names (1)",
    ]
    result = invoke(output, "-o", tmp_path / "train.jsonl")
    assert result.stderr.splitlines() == [
        f"{tmp_path / 'train.jsonl'}: 1 document as jsonl",
        "2 events have no arguments, since a CoNLL file holds none; a model that is trained on "
        "them learns that they have none",
    ]


def test_a_document_that_a_format_cannot_hold_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    named = Document("甲公司", id="a", entities=[Entity(0, 3, "甲公司", "MY FIRM")])
    annotation.write([named, Document("无", id="b")], path)
    result = invoke(path, "-o", tmp_path / "brat", "--to", "brat")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == (
        f"{tmp_path / 'brat'}, document 'a': brat cannot hold the name 'entity-MY FIRM'; "
        "rename it without spaces, : and ;"
    )
    assert list(annotation.read(tmp_path / "brat")) == [Document("无", id="b")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "out"], "'out' does not say its format"),
        (["-o", "out.json.gz"], "out.json.gz: label-studio is not read compressed"),
        (["-o", "out.json", "--layers", "names"], "unknown layer 'names'"),
        (["-o", "out.json", "--entity-labels", "A", "--event-types", "A"], "'A' is given both"),
        (["-", "-o", "out.json"], "standard input does not tell its format; name it with --from"),
        (["missing.jsonl", "-o", "out.json"], "missing.jsonl: no such file; check the path"),
        (["-o", "tagged.jsonl"], "tagged.jsonl is also an input"),
        (["-o", "./tagged.jsonl", "--no-overwrite"], "tagged.jsonl exists; choose another name"),
    ],
)
def test_a_usage_error_is_said_and_writes_nothing(
    tmp_path: Path,
    tagged_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke("tagged.jsonl", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {message}")
    assert list(tmp_path.iterdir()) == [tagged_file]


@pytest.mark.parametrize(
    ("content", "format"),
    [
        ('{"text": "甲", "entities": [], "events": []}', "jsonl"),
        ('{"text": "甲"}', "jsonl"),
        ('{malformed\n{"text": "甲", "label": []}', "doccano"),
        ('{"text": "甲", "entities": [], "relations": []}', "doccano"),
        ('[\n {"id": 1,\n "data": {"text": "甲"}, "annotations": []}]', "label-studio"),
        ("\n-DOCSTART- -X- O O\n", "conll"),
    ],
)
def test_the_content_says_the_format(tmp_path: Path, content: str, format: str) -> None:
    path = tmp_path / "export"
    path.write_text(content, encoding="utf-8")
    assert guess_input_format(path) == format


def test_content_that_does_not_say_its_format_asks_for_it(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text('{"sentence": "甲"}', encoding="utf-8")
    with pytest.raises(ValueError, match="name it with --from: jsonl, doccano"):
        guess_input_format(path)


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.JSONL.gz", AnnotationFormat.JSONL),
        ("a.json", AnnotationFormat.LABEL_STUDIO),
        ("a.bio", AnnotationFormat.CONLL),
        ("a.bioes", AnnotationFormat.CONLL_BIOES),
        ("a.spacy", AnnotationFormat.DOCBIN),
        (".", AnnotationFormat.BRAT),
    ],
)
def test_the_suffix_of_an_output_says_the_format(name: str, format: AnnotationFormat) -> None:
    assert guess_output_format(Path(name)) == format
