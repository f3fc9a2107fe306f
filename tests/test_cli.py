"""The command line: outputs, errors, messages and exit status, with a small tagger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import IO

import pytest
import shell_commands
import typer
from fake_tagger import FakeTagger, load_fake
from typer.testing import CliRunner, Result

from tagger import cli, cli_options
from tagger.commands.examples import EXAMPLES


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Puts the small tagger in the place of the shipped one and notes what was asked for."""
    asked: list[tuple[object, ...]] = []

    def loader(*wanted: object) -> Callable[[], FakeTagger]:
        asked.append(wanted)
        return load_fake

    monkeypatch.setattr(cli_options, "tagger_loader", loader)
    return asked


@pytest.fixture
def news(tmp_path: Path, options: list[tuple[object, ...]]) -> Path:
    """A folder of one text, and records of which the second is malformed and the third raises."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("星河矿业减持300个比特币。", encoding="utf-8")
    records = ['{"id": "x", "正": "证监会约谈星河矿业。"}', "{malformed", '{"正": "青山资本异常"}']
    (folder / "b.jsonl").write_text("\n".join(records), encoding="utf-8")
    return folder


def invoke(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(each) for each in arguments], input=stdin)


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_article_ends_in_the_output_or_in_the_errors(news: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    result = invoke("tag", news, "-o", output, "--column", "text=正")
    listed = records(tmp_path / "out.jsonl.errors.jsonl")
    path = str(news / "b.jsonl")
    assert [record["id"] for record in records(output)] == [str(news / "a.txt"), "x"]
    assert [(each["path"], each["record"], each["id"]) for each in listed] == [
        (path, "line 2", f"{path}#2"),
        (path, "record 3", f"{path}#3"),
    ]
    assert listed[1]["reason"] == "tagging failed with RuntimeError: the text holds 异常"
    assert result.exit_code == 1
    assert result.stdout == ""


def test_the_summary_counts_what_came_out(news: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    lines = invoke("tag", news, "-o", output, "--column", "text=正").stderr.splitlines()
    assert lines[-2].startswith("2 articles, 24 characters (")
    assert lines[-2].endswith(" a second): 3 entities, 1 quantity, 1 event")
    assert lines[-1] == f"2 failed: {output}.errors.jsonl"


def test_a_run_without_errors_exits_with_0_and_removes_the_old_list(
    news: Path, tmp_path: Path
) -> None:
    output, listed = tmp_path / "out.jsonl", tmp_path / "out.jsonl.errors.jsonl"
    listed.write_text("of an earlier run")
    result = invoke("tag", news / "a.txt", "-o", output, "--quiet")
    assert (result.exit_code, result.output, listed.exists()) == (0, "", False)


def test_a_hash_beside_the_id_tells_a_changed_article_from_the_same(
    news: Path, tmp_path: Path
) -> None:
    def found(output: Path) -> dict[object, object]:
        invoke("tag", news, "-o", output, "--column", "text=正", "--content-hash")
        listed = output.with_name(f"{output.name}.errors.jsonl")
        return {each["id"]: each.get("content_hash") for each in records(output) + records(listed)}

    def hash_of(text: str) -> str:
        return sha256(text.encode()).hexdigest()

    records_file = str(news / "b.jsonl")
    first = found(tmp_path / "first.jsonl")
    assert first == {
        str(news / "a.txt"): hash_of("星河矿业减持300个比特币。"),
        "x": hash_of("证监会约谈星河矿业。"),
        f"{records_file}#2": None,
        f"{records_file}#3": hash_of("青山资本异常"),
    }
    (news / "a.txt").write_text("星河矿业增持300个比特币。", encoding="utf-8")
    assert found(tmp_path / "second.jsonl").items() ^ first.items() == {
        (str(news / "a.txt"), hash_of("星河矿业减持300个比特币。")),
        (str(news / "a.txt"), hash_of("星河矿业增持300个比特币。")),
    }
    assert "content_hash" not in invoke("tag", tmp_path / "first.jsonl").stdout


def test_a_question_says_of_which_version_of_an_article_the_answer_is(
    news: Path, tmp_path: Path
) -> None:
    database = tmp_path / "news.duckdb"
    invoke("tag", news / "a.txt", "-o", database, "--content-hash")
    asked = invoke("query", database, "--event", "divestment", "--format", "jsonl")
    (answer,) = [json.loads(line) for line in asked.stdout.splitlines()]
    assert answer["content_hash"] == sha256("星河矿业减持300个比特币。".encode()).hexdigest()


def test_without_an_output_records_go_to_standard_output_and_the_rest_to_standard_error(
    news: Path,
) -> None:
    result = invoke("tag", news, "--column", "text=正")
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [
        str(news / "a.txt"),
        "x",
    ]
    assert "b.jsonl, line 2: malformed JSON" in result.stderr
    assert result.stderr.splitlines()[-1] == "2 failed"
    assert "\x1b" not in result.output
    assert sorted(path.name for path in news.parent.rglob("*")) == ["a.txt", "b.jsonl", "news"]


def test_standard_input_is_an_input(options: object) -> None:
    result = invoke("tag", "-", "--quiet", stdin="星河矿业减持300个比特币。")
    (entity,) = json.loads(result.stdout)["entities"]
    assert (result.exit_code, entity["id"]) == (0, "NYSE:XHKY")


def test_stop_ends_at_the_first_error_and_goes_on_when_it_is_mended(
    news: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.csv"
    arguments = ["tag", news, "-o", output, "--column", "text=正", "--on-error", "stop"]
    result = invoke(*arguments)
    first, last = result.stderr.splitlines()
    assert "line 2: malformed JSON" in first
    assert last == "stopped at the first error; after mending it, go on with --resume"
    assert (result.exit_code, output.exists()) == (1, False)
    (news / "b.jsonl").write_text('{"正": "证监会约谈星河矿业。"}', encoding="utf-8")
    assert invoke(*arguments, "--resume").exit_code == 0
    assert output.read_text(encoding="utf-8-sig").count("星河矿业") > 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news", "out.csv"]


def test_stop_promises_nothing_where_nothing_is_kept(news: Path) -> None:
    output = ["-o", "/dev/null", "--format", "jsonl"]
    result = invoke("tag", news / "b.jsonl", *output, "--on-error", "stop")
    assert result.stderr.splitlines()[-1] == "stopped at the first error"
    assert result.exit_code == 1


@pytest.mark.parametrize(
    "name", ["out.jsonl.gz", "out.jsonl.zst", "out.csv", "out.html", "out.parquet", "out.duckdb"]
)
def test_the_suffix_of_the_output_chooses_the_format(news: Path, tmp_path: Path, name: str) -> None:
    result = invoke("tag", news / "a.txt", "-o", tmp_path / "new" / name)
    assert result.exit_code == 0
    assert (tmp_path / "new" / name).exists()


def test_articles_of_a_database_that_get_another_text_are_counted(
    tmp_path: Path, options: object
) -> None:
    database = tmp_path / "news.duckdb"
    said = [
        invoke("tag", "-", "-o", database, "--quiet", stdin=text).stderr
        for text in ("星河矿业减持", "星河矿业减持", "星河矿业增持")
    ]
    assert said[:2] == ["", ""]
    assert said[2].startswith("1 article took the place of another text with the same id, such as ")


@pytest.mark.parametrize("format", ["csv", "csv-tables", "parquet", "jsonl"])
def test_ids_that_stand_on_several_articles_of_a_table_are_counted(
    tmp_path: Path, options: object, format: str
) -> None:
    for name, ids in (("a", "123"), ("b", "432")):
        lines = [json.dumps({"id": each, "text": f"星河矿业减持{name}"}) for each in ids]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    inputs = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    said = [
        invoke("tag", *given, "-o", tmp_path / "out", "--format", format, "--quiet").stderr
        for given in (inputs[:1], inputs)
    ]
    told = (
        "2 ids stand on more than one article, such as '2'; their rows cannot be told apart: "
        "give articles ids of their own (a field id, or a path that no other has)\n"
    )
    assert said == ["", "" if format == "jsonl" else told]


@pytest.mark.parametrize("format", ["csv", "html", "jsonl"])
def test_ids_that_stand_on_several_articles_of_a_printed_table_are_counted(
    options: object, format: str
) -> None:
    lines = [json.dumps({"id": each, "text": f"星河矿业减持{each}枚"}) for each in "12132"]
    told = (
        "2 ids stand on more than one article; their rows cannot be told apart: "
        "give articles ids of their own (a field id, or a path that no other has)\n"
    )
    said = [
        invoke("tag", "-", "--format", format, "--quiet", stdin="\n".join(given)).stderr
        for given in (lines[:2], lines)
    ]
    assert said == ["", told if format == "csv" else ""]


def test_a_named_format_goes_before_the_suffix(news: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.txt"
    assert invoke("tag", news / "a.txt", "-o", output, "--format", "csv").exit_code == 0
    assert output.read_bytes().startswith(b"\xef\xbb\xbfdocument,")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "out.txt"], "jsonl, csv, csv-tables, parquet, duckdb, html"),
        (["--format", "parquet"], "-o OUT.parquet"),
        (["--by-day"], "-o OUT.parquet"),
        (["--format", "xml"], "'parquet', 'duckdb', 'html'"),
        (["--on-error", "ignore"], "'skip', 'stop'"),
        (["--jobs", "0"], "--jobs"),
        (["--min-score", "2"], "--min-score"),
        (["--column", "正文"], "FIELD=COLUMN"),
        (["--column", "body=正文"], "'body' is none of text, title"),
        (["--timezone", "Mars"], "Asia/Shanghai"),
        (["--encoding", "gb9"], "gb18030"),
        (["--input-format", "pdf"], "text, markdown, html"),
        (["-o", "taken.jsonl", "--no-overwrite"], "taken.jsonl exists"),
        (["-o", "a.txt", "--format", "jsonl"], "a.txt is also an input"),
        (["-o", ".", "--format", "jsonl"], "not an earlier output"),
        (["-o", ".", "--format", "parquet"], "not an earlier output"),
        (["-o", "/", "--format", "jsonl"], "not an earlier output"),
        (["-o", "taken.jsonl", "--format", "parquet"], "a folder is to be written there"),
        (["-o", "taken.jsonl", "--format", "duckdb"], "taken.jsonl is not a DuckDB database"),
        (["-o", "taken.jsonl/out.jsonl"], "cannot be written (Not a directory)"),
        (["-o", "loop.jsonl"], "cannot be written (Too many levels of symbolic links)"),
        (["-o", "out.parquet.gz"], "parquet is not packed by .gz"),
        (["-o", "out.duckdb.zst"], "duckdb is not packed by .zst"),
    ],
)
def test_a_wrong_option_is_named_and_exits_with_2(
    news: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(news)
    (news / "taken.jsonl").write_text("hello")
    (news / "loop.jsonl").symlink_to("loop.jsonl")
    before = sorted(path.name for path in news.iterdir())
    result = invoke("tag", "a.txt", *arguments)
    words = " ".join(result.stderr.replace("│", " ").split())
    assert message in words
    assert result.exit_code == 2
    assert sorted(path.name for path in news.iterdir()) == before


@pytest.mark.parametrize(
    ("name", "library", "extra"),
    [
        ("out.parquet", "pyarrow", "parquet"),
        ("out.duckdb", "pyarrow", "duckdb"),
        ("out.duckdb", "duckdb", "duckdb"),
        ("out.csv.zst", "backports", "zstd"),
    ],
)
def test_a_missing_extra_is_named_before_anything_is_tagged(
    news: Path, monkeypatch: pytest.MonkeyPatch, name: str, library: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.setitem(sys.modules, "compression", None)
    result = invoke("tag", news / "a.txt", "-o", news / "out" / name)
    assert f"pip install 'caijing-tagger[{extra}]'" in result.stderr
    assert (result.exit_code, (news / "out").exists()) == (2, False)


@pytest.mark.parametrize(
    ("device", "network"), [("cpu", "model.onnx"), ("cuda:1", "model.safetensors")]
)
def test_the_settings_of_a_run_tell_models_apart(tmp_path: Path, device: str, network: str) -> None:
    def settings() -> dict[str, object]:
        return cli_options.run_settings(str(tmp_path), None, None, 0.0, None, device)

    files = ["config.json", "tokenizer.json", "characters.txt", network]
    for name in files:
        (tmp_path / name).write_text("old")
    known = [settings()]
    for name in files:
        (tmp_path / name).write_text("new")
        assert settings() not in known
        known.append(settings())
    (tmp_path / network).unlink()
    with pytest.raises(FileNotFoundError, match=f"{network} does not exist.*--model, --device"):
        settings()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--model", "no-such-model"],
        ["--disable", "parsing"],
        ["--lexicon", "/"],
    ],
)
@pytest.mark.parametrize("command", ["tag", "show"])
def test_what_the_tagger_does_not_know_exits_with_2(
    tmp_path: Path, command: str, arguments: list[str]
) -> None:
    article = tmp_path / "a.txt"
    article.write_text("星河矿业", encoding="utf-8")
    result = invoke(command, article, *arguments)
    assert f"'{arguments[-1]}'" in result.stderr
    assert (result.exit_code, result.stdout) == (2, "")


def test_the_options_of_the_tagger_reach_it(news: Path, options: list[tuple[object, ...]]) -> None:
    narrowing = ["--model", "mine", "--labels", "COMPANY， divestment", "--min-score", "0.5"]
    lists = ["--disable", "words", "--disable", "linking", "--lexicon", "names.tsv"]
    invoke("show", news / "a.txt", *narrowing, *lists)
    assert options == [
        ("mine", Path("names.tsv"), "COMPANY， divestment", 0.5, ["words", "linking"])
    ]


def test_an_earlier_output_in_the_input_folder_is_not_read(news: Path) -> None:
    output = news / "out.jsonl"
    for _ in range(2):
        invoke("tag", news, "-o", output, "--column", "text=正")
        assert len(records(output)) == 2
        assert len(records(news / "out.jsonl.errors.jsonl")) == 2


def test_jobs_and_batch_size_leave_the_bytes_alone(news: Path, tmp_path: Path) -> None:
    written = []
    for number, extra in enumerate((["--jobs", 1], ["--jobs", 2], ["--batch-size", 1])):
        output = tmp_path / f"{number}.jsonl"
        invoke("tag", news, "-o", output, "--column", "text=正", *extra)
        written.append(output.read_bytes())
    assert written[0] == written[1] == written[2] != b""


def test_show_prints_text_events_and_values(news: Path) -> None:
    result = invoke("show", news, "--column", "text=正", "--limit", 2)
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "星河矿业减持300个比特币。" in lines
    assert "减持出售 减持 已发生 主体 星河矿业 (NYSE:XHKY)" in lines
    assert "divestment 数量 300个比特币 (300 BTC)" in lines
    assert "300个比特币 金额 300 BTC" in lines
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\x1b" not in result.stdout


def test_show_exits_with_1_where_an_article_failed(news: Path) -> None:
    result = invoke("show", news / "b.jsonl", "--column", "text=正")
    assert result.exit_code == 1
    assert "malformed JSON" in result.stderr


def test_escape_sequences_in_an_article_do_not_reach_the_terminal(
    tmp_path: Path, options: object
) -> None:
    article = tmp_path / "a.jsonl"
    article.write_text(json.dumps({"id": "\x1b[2J", "text": "星河矿业\x1b]0;标题\x07减持"}))
    result = invoke("show", article)
    assert "星河矿业" in result.stdout
    assert not set(result.stdout) & {"\x1b", "\x07"}


def test_info_lists_versions_and_labels_with_their_chinese_names(options: object) -> None:
    result = invoke("info")
    assert "divestment 减持出售" in result.stdout
    assert "COMPANY 公司" in result.stdout
    assert "python" in result.stdout
    assert result.exit_code == 0


def test_one_error_is_said_once(news: Path, tmp_path: Path) -> None:
    (news / "b.jsonl").write_text("{malformed", encoding="utf-8")
    lines = invoke("tag", news, "-o", tmp_path / "out.jsonl").stderr.splitlines()
    assert [line for line in lines if "malformed" in line] == lines[:1]
    assert not any("more errors" in line for line in lines)


COMMANDS = ["tag", "show", "serve", "query", "review", "convert", "info"]


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("command", ["tagger", *COMMANDS])
def test_help_fits_the_terminal_and_ends_with_examples(command: str, columns: int) -> None:
    arguments = [] if command == "tagger" else [command]
    shown = CliRunner().invoke(
        cli.app, [*arguments, "--help"], env={"COLUMNS": str(columns), "TERMINAL_WIDTH": None}
    )
    lines = [line.rstrip() for line in shown.output.splitlines()]
    # A Chinese character takes two columns.
    width = max(len(line) + sum("\u2e80" <= each <= "\uffef" for each in line) for line in lines)
    examples = [f" $ {typed}" + (f"  {why}" if why else "") for typed, why in EXAMPLES[command]]
    assert (shown.exit_code, width <= columns) == (0, True), width
    assert [line for line in lines if line.startswith(" $ ")] == examples


def test_help_lists_every_command_once() -> None:
    shown = CliRunner().invoke(cli.app, [], env={"COLUMNS": "80"}).output
    listed = [word for line in shown.splitlines() for word in line.strip("│ ").split()[:1]]
    assert [listed.count(command) for command in COMMANDS] == [1] * len(COMMANDS)


def test_every_option_has_help_and_every_command_a_panel_for_it() -> None:
    group = typer.main.get_command(cli.app)
    silent = [
        (command, parameter.name)
        for command in COMMANDS
        for parameter in group.commands[command].params  # type: ignore[attr-defined]
        if not getattr(parameter, "help", None)
    ]
    assert silent == []


@pytest.mark.parametrize("line", [typed for examples in EXAMPLES.values() for typed, _ in examples])
def test_the_examples_of_the_help_are_what_the_commands_take(line: str) -> None:
    shell_commands.check(line)


def test_the_version_is_printed() -> None:
    result = invoke("--version")
    assert (result.exit_code, result.stdout.split()[0]) == (0, "caijing-tagger")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("tagger q", ["query"]),
        ("tagger tag --form", ["--format"]),
        ("tagger tag --format ", ["jsonl", "csv", "csv-tables", "parquet", "duckdb", "html"]),
        ("tagger tag --engine ", ["local", "ray"]),
        ("tagger tag --on-error s", ["skip", "stop"]),
        ("tagger tag --labels COMP", ["COMPANY"]),
        ("tagger tag --labels COMPANY,div", ["COMPANY,divestment", "COMPANY,dividend"]),
        ("tagger tag --labels MONEY,MON", []),
        ("tagger tag --disable w", ["words"]),
        ("tagger tag --input-format m", ["markdown"]),
        ("tagger tag --encoding g", ["gb18030"]),
        ("tagger tag --timezone Asia/S", ["Asia/Shanghai"]),
        ("tagger tag --column t", ["text=", "title=", "tags="]),
        ("tagger tag --device c", ["cpu", "cuda"]),
        ("tagger show --model d", ["default"]),
        ("tagger info --model mi", ["mine"]),
        ("tagger query --event term", ["termination"]),
        ("tagger query --event 减", ["减持出售"]),
        ("tagger query --modality ", ["asserted", "planned", "negated", "possible"]),
        ("tagger query --format t", ["table"]),
        ("tagger review --labels MONEY,lay", ["MONEY,layoff"]),
        ("tagger convert --from bra", ["brat"]),
        ("tagger convert --to cod", []),
        ("tagger convert --layers entities,e", ["entities,events"]),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_shell_completes_commands_options_and_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: str, typed: str, offered: list[str]
) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    environment = {
        "_TAGGER_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split(" ")) - 1),
        "_TYPER_COMPLETE_ARGS": typed,
    }
    answer = CliRunner().invoke(cli.app, [], env=environment).stdout
    if shell == "bash":
        assert answer.split() == offered
    else:
        assert [each for each in offered if f'"{each}"' in answer] == offered


RUN_WITH_FAKE = "from fake_tagger import run_command_line; run_command_line()"


def start(
    *arguments: object, stdout: int | IO[bytes] | None = None, **environment: str
) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    return subprocess.Popen(
        [sys.executable, "-c", RUN_WITH_FAKE, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": path} | environment,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


def test_a_reader_that_has_enough_ends_the_run_quietly(tmp_path: Path) -> None:
    article = tmp_path / "a.jsonl"
    article.write_text('{"text": "星河矿业减持"}\n' * 3000, encoding="utf-8")
    with start("tag", article, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=30) == 141


@pytest.mark.parametrize("command", ["tag -o /dev/full --format jsonl", "tag", "show", "info"])
def test_a_full_disk_is_said_in_one_line(tmp_path: Path, command: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    article = tmp_path / "a.txt"
    article.write_text("星河矿业减持", encoding="utf-8")
    articles = [] if command == "info" else [article]
    with (
        Path("/dev/full").open("wb") as full,
        start(*command.split(), *articles, stdout=full) as process,
    ):
        assert process.stderr
        said = process.stderr.read().decode()
    place = "/dev/full" if "/dev/full" in command else "standard output"
    assert said.splitlines()[-1] == f"Error: {place}: No space left on device; make room there"
    assert "Traceback" not in said
    assert process.returncode == 1


def test_what_the_encoding_of_the_output_cannot_hold_is_escaped(tmp_path: Path) -> None:
    article, database = tmp_path / "a.txt", tmp_path / "news.duckdb"
    article.write_text("😀星河矿业减持", encoding="utf-8")
    start("tag", article, "-o", database).communicate()
    for command in (["show", article], ["query", database]):
        shown, said = start(*command, stdout=subprocess.PIPE, PYTHONIOENCODING="gbk").communicate()
        assert "\\U0001f600星河矿业减持" in shown.decode("gbk")
        assert said == b""
