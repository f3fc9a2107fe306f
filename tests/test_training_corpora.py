"""Training from corpora as published: the command, its checks, and what it leaves."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import typer
from typer.testing import CliRunner

pytest.importorskip("torch")

from conftest import TINY_SETTINGS

from training.examples import CorpusError
from training.readers.content import read_texts
from training.settings import Settings
from training.split import split_file
from training.train import train

NAMES = ["星河锂业", "蓝湾能源", "北屿银行", "云州钢铁"]


def run_train(*arguments: object) -> tuple[int, str]:
    return run_command(train, *arguments)


def run_split(*arguments: object) -> tuple[int, str]:
    return run_command(split_file, *arguments)


def run_command(command: object, *arguments: object) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(command)  # type: ignore[type-var]
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    return result.exit_code, " ".join((result.output + (result.stderr or "")).split())


def cluener(name: str, number: int) -> dict[str, object]:
    return {"text": f"{name}第{number}次公告。", "label": {"company": {name: [[0, 3]]}}}


def tokens(name: str, number: int) -> dict[str, object]:
    text = f"{name}第{number}次公告。"
    tags = ["B-company", *["I-company"] * 3, *["O"] * (len(text) - 4)]
    return {"tokens": list(text), "ner_tags": tags}


@pytest.mark.parametrize("record", [cluener, tokens])
def test_a_model_of_a_published_corpus_is_trained_and_loads_again(
    tiny_encoder: Path, tmp_path: Path, record: object
) -> None:
    import tagger
    from tagger.model import ModelConfig
    from tagger.network import build, read_weights

    lines = [json.dumps(record(name, n)) for n in range(4) for name in NAMES]  # type: ignore[operator]
    train_file, dev_file = tmp_path / "train.json", tmp_path / "dev.json"
    train_file.write_text("\n".join(lines[:12]) + "\n", encoding="utf-8")
    # The first is in both, which costs it its place in training.
    dev_file.write_text("\n".join(lines[11:]) + "\n", encoding="utf-8")
    (tmp_path / "s.toml").write_text(TINY_SETTINGS, encoding="utf-8")
    output = tmp_path / "m"
    code, said = run_train(
        "--train", train_file, "--dev", dev_file, "--encoder", tiny_encoder,
        "--output", output, "--config", tmp_path / "s.toml",
    )  # fmt: skip
    assert (code, "1 texts of --dev are in --train too, and left out of training" in said) == (
        0,
        True,
    ), said
    config = ModelConfig.load(output)
    network = build(config, output)
    network.load_state_dict(read_weights(output))
    assert config.entity_labels == ("company",)
    card = (output / "README.md").read_text(encoding="utf-8")
    assert (
        f"- --encoder: `{tiny_encoder}`\n- --train: `{train_file}`\n- --dev: `{dev_file}`" in card
    )
    assert tagger.load(output)("星河锂业公告。").text == "星河锂业公告。"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--train", "no.jsonl"], "no.jsonl: no such file; check the path"),
        (["--train", "{bad}"], "bad.json:2: entity name [0, 2): outside the text of 1 characters"),
        (["--train", "{good}", "--map-labels", "no.toml"], "the tables of this project are"),
        (["--train", "{good}", "--format", "fewfc"], "not an object with a string 'content'"),
    ],
)
def test_a_fault_stops_the_run_before_it_begins(
    tmp_path: Path, arguments: list[str], reason: str
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    lines = [json.dumps(cluener(name, 1)) for name in NAMES]
    good.write_text("\n".join(lines), encoding="utf-8")
    broken = '{"text": "甲", "label": {"name": {"甲乙": [[0, 1]]}}}'
    bad.write_text("\n".join([lines[0], broken]), encoding="utf-8")
    filled = [each.format(good=good, bad=bad) for each in arguments]
    code, said = run_train(*filled, "--dev", good, "--encoder", "x", "--output", tmp_path / "m")
    assert (code, reason in said, (tmp_path / "m").exists()) == (2, True, False), said


@pytest.mark.parametrize(
    ("train", "dev", "reason"),
    [
        ({"entites": []}, {"entities": []}, "none of the 4 paragraphs of --train has an entity"),
        ({"entities": [{"start": 0, "end": 4, "label": "X"}]}, {}, "of --dev is annotated"),
    ],
)
def test_data_without_annotation_is_refused(
    tmp_path: Path, train: dict[str, object], dev: dict[str, object], reason: str
) -> None:
    for file, layers in (("t.jsonl", train), ("d.jsonl", dev)):
        records = [{"text": f"{name}公告，{file}。"} | layers for name in NAMES]
        (tmp_path / file).write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    code, said = run_train(
        "--train", tmp_path / "t.jsonl", "--dev", tmp_path / "d.jsonl", "--encoder", "x",
        "--output", tmp_path / "m",
    )  # fmt: skip
    assert (code, reason in said, (tmp_path / "m").exists()) == (2, True, False), said


def test_a_model_that_the_run_reads_is_not_written_over(tiny_model: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in tiny_model.iterdir()}
    files = ["--train", tmp_path / "t.jsonl", "--output", tiny_model]
    for start in (["--init", tiny_model], ["--encoder", "x", "--teacher", tiny_model]):
        code, said = run_train(*files, *start)
        assert (code, "would write over it; name another folder" in said) == (2, True), said
    assert {path.name: path.read_bytes() for path in tiny_model.iterdir()} == before


def test_settings_of_init_are_refused_beside_encoder(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("layers = 2", encoding="utf-8")
    code, said = run_train(
        "--train", "t.jsonl", "--encoder", "x", "--config", tmp_path / "s.toml",
        "--output", tmp_path / "m",
    )  # fmt: skip
    assert (code, "change the model of --init: leave them at 0" in said) == (2, True), said


def test_a_text_file_names_its_lines_at_fault(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('\ufeff{"text": "甲"}\r\n\r\n{"txt": 1}\r\n{"text"\r\n', encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_texts(path)
    first, second = caught.value.faults
    assert str(first) == f"{path}:3: not an object with a string 'text'; write {{\"text\": …}}"
    assert str(second).startswith(f"{path}:4: not JSON at column ")


def test_a_split_writes_over_no_data_and_holds_something_out(tmp_path: Path) -> None:
    data, train_file, dev_file = (tmp_path / name for name in ("a.jsonl", "t.jsonl", "d.jsonl"))
    line = json.dumps({"text": "星河锂业公告。", "entities": [], "source": "kept"})
    data.write_text(f"{line}\n{line}\n", encoding="utf-8")
    for files, reason in (
        ((data, dev_file), "would be written over"),
        ((train_file, train_file), "name two files"),
        ((train_file, dev_file), "of 2 paragraphs 0 would be held out"),
    ):
        code, said = run_split("--data", data, "--train", files[0], "--dev", files[1])
        assert (code, reason in said) == (2, True), said
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
    assert data.read_text(encoding="utf-8") == f"{line}\n{line}\n"


def test_every_setting_is_printed_with_what_it_is() -> None:
    printed = Settings().to_toml()
    hints = get_type_hints(Settings, include_extras=True)
    assert tomllib.loads(printed) == asdict(Settings())
    assert [name for name in hints if len(get_args(hints[name])) < 2] == []
    assert printed.startswith("# passes over the training paragraphs\nepochs = 6\n")
