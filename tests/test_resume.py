"""Runs that are killed, interrupted, starved of disk or of a mount, and go on to the same bytes."""

from __future__ import annotations

import errno
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import fake_tagger
import pytest
from fake_tagger import load_fake
from process_tree import workers
from typer.testing import CliRunner, Result

from tagger import cli, cli_options, tagging
from tagger.interruption import Interruption
from tagger.journal import Journal
from tagger.readers import ReadError
from tagger.units import Outcome
from tagger.writers.compression import NO_COMPRESSION, compression_of

RUN_WITH_FAKE = "from fake_tagger import run_command_line; run_command_line()"
ARTICLES = 60


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small tagger in the place of the shipped one; in this process it does not wait."""
    monkeypatch.setattr(cli_options, "tagger_loader", lambda *_: load_fake)
    monkeypatch.setattr(fake_tagger, "time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Sixty articles, two of them malformed and one that raises; each takes a while."""
    lines = [
        json.dumps({"id": f"n{number}", "text": f"稍等第{number}条：星河矿业减持300个比特币。"})
        for number in range(ARTICLES)
    ]
    lines[7] = lines[31] = "{malformed"
    lines[50] = json.dumps({"id": "n50", "text": "青山资本异常"})
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def finished(output: Path) -> str:
    return (
        f"{output} is finished: there is nothing to go on with (without --resume all is tagged "
        "anew, with what came since)\n"
    )


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["tag", *(str(each) for each in arguments)])


def start(*arguments: object) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    return subprocess.Popen(
        [sys.executable, "-c", RUN_WITH_FAKE, "tag", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": path},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )


def outcome(output: Path) -> tuple[bytes, bytes]:
    listed = output.with_name(f"{output.name}.errors.jsonl")
    return output.read_bytes(), listed.read_bytes()


def wait_for(file: Path, process: subprocess.Popen[bytes], size: int = 0) -> None:
    """Waits until a file has grown beyond ``size`` or the process has ended."""
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        # A run that ends in this moment takes the file away.
        with suppress(FileNotFoundError):
            if file.stat().st_size > size:
                return
        time.sleep(0.01)


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_a_run_that_is_killed_again_and_again_ends_with_the_bytes_of_an_undisturbed_one(
    fake: None, corpus: Path, tmp_path: Path, name: str
) -> None:
    undisturbed, output = tmp_path / f"undisturbed-{name}", tmp_path / name
    assert invoke(corpus, "-o", undisturbed, "--batch-size", 3, "--jobs", 1).exit_code == 1
    chance = random.Random(name)
    index = tmp_path / f"{name}.partial" / "index.jsonl"
    arguments = [corpus, "-o", output, "--batch-size", 3, "--resume", "--jobs"]
    for attempt in range(4):
        known = index.stat().st_size if index.exists() else 0
        with start(*arguments, 1 + attempt % 2) as process:
            wait_for(index, process, known)
            time.sleep(chance.uniform(0, 0.3))
            process.kill()
        if output.exists():
            break
    assert attempt > 0
    with start(*arguments, 2) as process:
        assert process.wait(timeout=60) == 1
    assert outcome(output) == outcome(undisturbed)
    assert not index.parent.exists()


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_run_finishes_what_it_has_in_hand_and_says_how_to_go_on(
    fake: None, corpus: Path, tmp_path: Path, sent: signal.Signals, status: int, jobs: int
) -> None:
    output = tmp_path / "out.jsonl"
    arguments = [corpus, "-o", output, "--batch-size", 2, "--jobs", jobs]
    with start(*arguments) as process:
        assert process.stderr
        wait_for(tmp_path / "out.jsonl.partial" / "index.jsonl", process)
        process.send_signal(sent)
        said = process.stderr.read().decode()
        assert process.wait(timeout=30) == status
    assert "finishing the articles in hand; once more to end at once" in said
    assert said.endswith("the same command with --resume goes on\n")
    assert "Traceback" not in said
    assert not output.exists()
    result = invoke(*arguments, "--resume")
    assert "going on with an interrupted run, which tagged" in result.stderr
    assert result.exit_code == 1
    undisturbed = tmp_path / "undisturbed.jsonl"
    invoke(corpus, "-o", undisturbed, "--jobs", 1)
    assert outcome(output) == outcome(undisturbed)


def test_a_second_signal_ends_a_run_at_once(tmp_path: Path) -> None:
    corpus = tmp_path / "articles.jsonl"
    corpus.write_text('{malformed\n{"text": "等待"}\n', encoding="utf-8")
    with start(corpus, "-o", tmp_path / "out.jsonl", "--batch-size", 1, "--jobs", 1) as process:
        assert process.stderr
        assert b"malformed JSON" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert b"once more" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait(timeout=20) == 130
    assert said.endswith("ended at once; the same command with --resume goes on\n")


def test_nothing_is_tagged_twice(
    fake: None, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out.jsonl"
    with start(corpus, "-o", output, "--batch-size", 2, "--jobs", 1) as process:
        wait_for(tmp_path / "out.jsonl.partial" / "index.jsonl", process)
        process.kill()
    index = (tmp_path / "out.jsonl.partial" / "index.jsonl").read_text(encoding="utf-8")
    done = sum(json.loads(line)["counts"]["articles"] for line in index.splitlines())
    seen: list[str] = []

    def load(*_: object) -> object:
        tagger = load_fake()
        pipe = tagger.pipe

        def noting(documents, batch_size=64):  # type: ignore[no-untyped-def]
            documents = list(documents)
            seen.extend(each.id for each in documents)
            return pipe(documents, batch_size)

        tagger.pipe = noting  # type: ignore[method-assign]
        return tagger

    monkeypatch.setattr(cli_options, "tagger_loader", lambda *_: load)
    invoke(corpus, "-o", output, "--batch-size", 2, "--jobs", 1, "--resume")
    assert done > 0
    assert len(set(seen)) == ARTICLES - 2 - done


def test_a_finished_run_is_not_done_again_by_resume(
    fake: None, corpus: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.jsonl"
    invoke(corpus, "-o", output, "--jobs", 1)
    before = output.stat().st_mtime_ns
    result = invoke(corpus, "-o", output, "--jobs", 1, "--resume")
    assert result.stderr == finished(output)
    assert (result.exit_code, output.stat().st_mtime_ns) == (1, before)


def test_articles_on_a_mount_that_fails_are_tagged_when_it_is_back(
    fake: None, tmp_path: Path
) -> None:
    folder = tmp_path / "mount"
    folder.mkdir()
    for number in range(9):
        text = f"第{number}条：星河矿业减持300个比特币。"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    undisturbed, output = tmp_path / "undisturbed.jsonl", tmp_path / "out.jsonl"
    paths = [folder / f"{number}.txt" for number in range(9)]
    assert invoke(*paths, "-o", undisturbed, "--batch-size", 2, "--jobs", 1).exit_code == 0
    shutil.move(folder / "4.txt", tmp_path / "4.txt")
    result = invoke(*paths, "-o", output, "--batch-size", 2, "--jobs", 1)
    assert result.exit_code == 1
    assert "some of the failures may pass" in result.stderr
    assert output.read_bytes().count(b"\n") == 8
    shutil.move(tmp_path / "4.txt", folder / "4.txt")
    assert invoke(*paths, "-o", output, "--batch-size", 2, "--jobs", 1, "--resume").exit_code == 0
    assert output.read_bytes() == undisturbed.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "mount",
        "out.jsonl",
        "undisturbed.jsonl",
    ]


def test_a_killed_worker_costs_no_article(fake: None, corpus: Path, tmp_path: Path) -> None:
    undisturbed, output = tmp_path / "undisturbed.jsonl", tmp_path / "out.jsonl"
    invoke(corpus, "-o", undisturbed, "--jobs", 1)
    with start(corpus, "-o", output, "--batch-size", 2, "--jobs", 2) as process:
        wait_for(tmp_path / "out.jsonl.partial" / "index.jsonl", process)
        if sys.platform != "linux":
            pytest.skip("child processes are found in /proc")
        os.kill(workers(process.pid)[-1], signal.SIGKILL)
        assert process.wait(timeout=60) == 1
    assert outcome(output) == outcome(undisturbed)


def test_other_settings_do_not_go_on_with_a_run_unless_it_is_thrown_away(
    fake: None, corpus: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.jsonl"
    with start(corpus, "-o", output, "--batch-size", 2, "--jobs", 1) as process:
        wait_for(tmp_path / "out.jsonl.partial" / "index.jsonl", process)
        process.kill()
    result = invoke(corpus, "-o", output, "--min-score", 0.5)
    assert "min_score 0.0 then and 0.5 now" in result.stderr
    assert result.exit_code == 2
    assert invoke(corpus, "-o", output, "--min-score", 0.5, "--restart").exit_code == 1
    assert output.exists()


def test_two_runs_do_not_write_one_output(fake: None, corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    with start(corpus, "-o", output, "--batch-size", 2, "--jobs", 1) as process:
        wait_for(tmp_path / "out.jsonl.partial" / "index.jsonl", process)
        result = invoke(corpus, "-o", output, "--jobs", 1)
        process.kill()
    assert "is being written by another run" in result.stderr
    assert result.exit_code == 1


def test_a_torn_end_of_the_journal_is_cut_off(fake: None, corpus: Path, tmp_path: Path) -> None:
    undisturbed, output = tmp_path / "undisturbed.jsonl.gz", tmp_path / "out.jsonl.gz"
    invoke(corpus, "-o", undisturbed, "--batch-size", 2, "--jobs", 1)
    with start(corpus, "-o", output, "--batch-size", 2, "--jobs", 1) as process:
        wait_for(tmp_path / "out.jsonl.gz.partial" / "index.jsonl", process)
        process.kill()
    journal = tmp_path / "out.jsonl.gz.partial"
    with (journal / "records").open("ab") as records, (journal / "index.jsonl").open("ab") as index:
        records.write(b"\x1f\x8b\x08torn")
        index.write(b'{"key": "torn')
    invoke(corpus, "-o", output, "--batch-size", 2, "--jobs", 1, "--resume")
    assert outcome(output) == outcome(undisturbed)
    assert len(gzip.decompress(output.read_bytes()).splitlines()) == ARTICLES - 3


@pytest.mark.parametrize("name", ["out.csv", "out.html", "out.parquet", "out.jsonl.zst"])
def test_every_format_is_the_same_after_an_interruption(
    fake: None, corpus: Path, tmp_path: Path, name: str
) -> None:
    undisturbed, output = tmp_path / f"undisturbed-{name}", tmp_path / name
    invoke(corpus, "-o", undisturbed, "--batch-size", 4, "--jobs", 1)
    with start(corpus, "-o", output, "--batch-size", 4, "--jobs", 1) as process:
        wait_for(tmp_path / f"{name}.partial" / "index.jsonl", process)
        process.kill()
    invoke(corpus, "-o", output, "--batch-size", 4, "--jobs", 1, "--resume")
    files = [output] if output.is_file() else sorted(output.iterdir())
    assert files
    for file in files:
        other = undisturbed if output.is_file() else undisturbed / file.name
        assert file.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", ["out.jsonl.gz", "out.csv", "out.html", "out.parquet"])
def test_a_full_disk_is_told_with_the_name_of_the_output(
    fake: None, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    output = tmp_path / name
    # The journal is kept apart from an output of the same bytes, so that this one is written too.
    monkeypatch.setattr("tagger.journal.Journal.is_exactly", lambda *_: False)
    monkeypatch.setattr("tagger.journal.Journal.packed", no_room)
    result = invoke(corpus, "-o", output, "--jobs", 1)
    assert (
        f"Error: {output}: No space left on device; make room there; "
        "the same command with --resume goes on" in " ".join(result.stderr.split())
    )
    assert (result.exit_code, output.exists()) == (1, False)


def test_a_full_disk_loses_nothing(fake: None, corpus: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small file system")
    small = tmp_path / "small"
    small.mkdir()
    options = ["-t", "tmpfs", "-o", "size=24k", "tmpfs", str(small)]
    if subprocess.run(["mount", *options], check=False).returncode != 0:
        pytest.skip("this system does not allow mounts")
    undisturbed, output = tmp_path / "undisturbed.jsonl", small / "out.jsonl"
    invoke(corpus, "-o", undisturbed, "--batch-size", 2, "--jobs", 1)
    try:
        result = invoke(corpus, "-o", output, "--batch-size", 2, "--jobs", 1)
        assert (
            f"Error: {output}.partial: No space left on device; make room there; "
            "the same command with --resume goes on" in " ".join(result.stderr.split())
        )
        assert (result.exit_code, output.exists()) == (1, False)
        subprocess.run(["mount", "-o", "remount,size=1m", str(small)], check=True)
        assert (
            invoke(corpus, "-o", output, "--batch-size", 2, "--jobs", 1, "--resume").exit_code == 1
        )
        assert outcome(output) == outcome(undisturbed)
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_folder_of_the_user_is_not_taken_for_a_journal(
    fake: None, corpus: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "out.jsonl.partial" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    result = invoke(corpus, "-o", tmp_path / "out.jsonl", "--jobs", 1)
    assert "out.jsonl.partial is a folder that is not an earlier output" in result.stderr
    assert (result.exit_code, mine.read_text()) == (2, "mine")


def test_a_run_reads_nothing_that_it_writes_and_all_that_is_only_called_so(
    fake: None, tmp_path: Path
) -> None:
    folder, output = tmp_path / "news", tmp_path / "news" / "out.jsonl"
    elsewhere = tmp_path / "elsewhere" / "out.jsonl"
    for number, path in enumerate((folder / "a.jsonl", folder / "below" / "out.jsonl", elsewhere)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"id": str(number), "text": "星河矿业"}), encoding="utf-8")
    for inputs in ((folder,), (f"{folder}/**/*.jsonl",), (f"{tmp_path}/*",)):
        for _again in range(2):
            assert invoke(*inputs, elsewhere, "-o", output, "--jobs", 1).exit_code == 0
            found = [json.loads(line)["id"] for line in output.read_text("utf-8").splitlines()]
            assert sorted(found) == ["0", "1", "2"]


@pytest.mark.parametrize("written_to", ["out.jsonl", "../store/made.jsonl"])
def test_a_run_does_not_read_its_output_through_a_link(
    fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written_to: str
) -> None:
    news, store = tmp_path / "news", tmp_path / "store"
    news.mkdir()
    store.mkdir()
    (news / "a.jsonl").write_text('{"text": "星河矿业"}', encoding="utf-8")
    (news / "out.jsonl").symlink_to("../store/made.jsonl")
    monkeypatch.chdir(news)
    for given in (".", ".", "*.jsonl"):
        assert invoke(given, "-o", written_to, "--jobs", 1).exit_code == 0
        assert len((store / "made.jsonl").read_bytes().splitlines()) == 1


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz", "out.csv", "out.html"])
@pytest.mark.parametrize("inputs", ["news", "news/*", "./news/**/out*"])
def test_an_article_that_a_folder_or_a_pattern_finds_is_not_replaced(
    fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, inputs: str
) -> None:
    monkeypatch.chdir(tmp_path)
    article = Path("news", name)
    article.parent.mkdir()
    article.write_text('{"text": "星河矿业"}', encoding="utf-8")
    Path("news", "outside.txt").write_text("青山资本", encoding="utf-8")
    before = article.read_bytes()
    result = invoke(inputs, "-o", article, "--jobs", 1)
    assert f"{article} is among the inputs and no earlier output" in result.stderr
    assert (result.exit_code, article.read_bytes()) == (2, before)
    assert invoke(inputs, "-o", article, "--jobs", 1, "--exclude", name).exit_code == 0
    assert article.read_bytes() != before
    assert invoke(inputs, "-o", article, "--jobs", 1).exit_code == 0


def test_an_output_that_is_spoiled_during_the_run_is_said_in_a_line(
    fake: None, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out.duckdb"
    output.write_text("hello")
    with monkeypatch.context() as context:
        context.setattr(tagging, "check_output", lambda *_: None)
        result = invoke(corpus, "-o", output, "--jobs", 1)
    assert "out.duckdb is not a DuckDB database" in result.stderr
    assert "with --resume goes on" in result.stderr
    assert (result.exit_code, output.read_text()) == (1, "hello")
    output.unlink()
    result = invoke(corpus, "-o", output, "--jobs", 1, "--resume")
    assert f"which tagged {ARTICLES - 3} articles" in result.stderr
    assert output.exists()


@pytest.mark.parametrize("damage", ["", "[]", "{torn"])
def test_a_damaged_journal_says_what_to_do(
    fake: None, corpus: Path, tmp_path: Path, damage: str
) -> None:
    output = tmp_path / "out.jsonl"
    with start(corpus, "-o", output, "--batch-size", 2, "--jobs", 1) as process:
        wait_for(tmp_path / "out.jsonl.partial" / "index.jsonl", process)
        process.kill()
    (tmp_path / "out.jsonl.partial" / "run.json").write_text(damage, encoding="utf-8")
    result = invoke(corpus, "-o", output, "--jobs", 1, "--resume")
    assert (result.exit_code, "run.json is damaged" in result.stderr) == (2, True)
    assert "--restart" in result.stderr


def test_a_run_that_is_ended_while_it_tidies_up_is_finished(
    fake: None, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out.csv"

    def end(folder: Path, ignore_errors: bool = False) -> None:
        if (folder / "index.jsonl").exists():
            (folder / "index.jsonl").unlink()
            raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(shutil, "rmtree", end)
        assert invoke(corpus, "-o", output, "--jobs", 1).exit_code == 130
    result = invoke(corpus, "-o", output, "--jobs", 1, "--resume")
    assert result.stderr == finished(output)
    assert not (tmp_path / "out.csv.partial").exists()


@pytest.mark.parametrize("step", ["tagger.units.read_ahead", "tagger.batch.open_runner"])
def test_a_run_that_is_ended_while_it_reads_ahead_or_loads_has_begun(
    fake: None, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def end(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "out.jsonl").write_text("")  # of an earlier run
    with monkeypatch.context() as context:
        context.setattr(step, end)
        result = invoke(corpus, "-o", tmp_path / "out.jsonl", "--jobs", 1)
    assert (result.exit_code, "the same command with --resume goes on" in result.stderr) == (
        130,
        True,
    )
    more = ("--min-score", 0.5, "--resume")  # nothing is done yet that has other settings
    assert invoke(corpus, "-o", tmp_path / "out.jsonl", "--jobs", 1, *more).exit_code == 1
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == ARTICLES - 3


def test_a_tagger_that_cannot_be_loaded_leaves_nothing(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load() -> None:
        raise ModuleNotFoundError("install it")

    monkeypatch.setattr(cli_options, "tagger_loader", lambda *_: load)
    result = invoke(corpus, "-o", tmp_path / "out.jsonl", "--jobs", 1)
    assert (result.exit_code, "install it" in result.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == [corpus]


def test_what_cannot_be_begun_is_not_said_to_go_on(
    fake: None, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "out.jsonl.partial")

    (tmp_path / "out.jsonl").write_text("")  # of an earlier run
    monkeypatch.setattr("tagger.journal.Journal", refuse)
    result = invoke(corpus, "-o", tmp_path / "out.jsonl", "--jobs", 1)
    assert "Permission denied" in result.stderr
    assert (result.exit_code, "--resume" in result.stderr) == (1, False)


def test_a_run_goes_on_where_nobody_reads_what_it_says(
    fake: None, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with suppress(BrokenPipeError), os.fdopen(writer, "w", buffering=1) as unread:
        monkeypatch.setattr(sys, "stderr", unread)
        with pytest.raises(SystemExit) as ended:
            cli.app(["tag", str(corpus), "-o", str(tmp_path / "out.jsonl"), "--jobs", "1"])
        with Interruption() as interruption:
            os.kill(os.getpid(), signal.SIGTERM)
        monkeypatch.undo()
    assert ended.value.code == 1
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == ARTICLES - 3
    assert interruption.signal == signal.SIGTERM


def test_a_folder_in_the_place_of_the_list_of_errors_is_found_before_anything_is_tagged(
    fake: None, corpus: Path, tmp_path: Path
) -> None:
    (tmp_path / "out.jsonl.errors.jsonl").mkdir()
    result = invoke(corpus, "-o", tmp_path / "out.jsonl", "--jobs", 1)
    assert "out.jsonl.errors.jsonl is a folder" in result.stderr
    assert (result.exit_code, (tmp_path / "out.jsonl.partial").exists()) == (2, False)


def test_a_text_in_the_place_of_a_path_is_an_article_that_failed(
    fake: None, tmp_path: Path
) -> None:
    result = invoke("星河矿业减持300个比特币。" * 20, "-o", tmp_path / "out.jsonl", "--jobs", 1)
    assert (result.exit_code, "a text itself goes in through -" in result.stderr) == (1, True)


@pytest.mark.parametrize("length", [228, 236, 246, 300])
def test_an_output_that_no_disk_can_name_is_refused(
    fake: None, corpus: Path, tmp_path: Path, length: int
) -> None:
    result = invoke(corpus, "-o", tmp_path / f"{'a' * length}.jsonl", "--jobs", 1)
    assert (result.exit_code, "ile name too long" in result.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == [corpus]


def test_an_error_that_no_utf8_can_hold_is_kept_with_what_comes_after_it(tmp_path: Path) -> None:
    errors = [ReadError(name, None, name, f"{name}\udcd6", "?") for name in "ab"]
    with Journal(tmp_path / "journal", {}, NO_COMPRESSION) as journal:
        for error in errors:
            journal.add(error.path, [error])
    with Journal(tmp_path / "journal", {}, NO_COMPRESSION) as journal:
        assert [journal.errors(each) for each in journal.entries.values()] == [
            [each] for each in errors
        ]


def test_the_errors_of_units_are_read_back_wherever_they_are(tmp_path: Path) -> None:
    """Before and after they are on disk, in this run and in the next."""
    errors = [ReadError(f"{name}.txt", None, name, "?", "?") for name in "abcd"]
    with Journal(tmp_path / "journal", {}, NO_COMPRESSION) as journal:
        for error in errors[:2]:
            entry = journal.add(error.id, [error])
            assert journal.errors(entry) == [error]
            journal.sync()
            assert journal.errors(entry) == [error]
    with Journal(tmp_path / "journal", {}, NO_COMPRESSION) as journal:
        for error in errors[2:]:
            journal.add(error.id, [error])
        assert [journal.errors(each) for each in journal.entries.values()] == [
            [each] for each in errors
        ]


def test_failures_do_not_stay_in_memory(tmp_path: Path) -> None:
    def unit(number: int) -> list[Outcome]:
        return [ReadError(f"{number}.txt", None, str(number), "?" * 10_000, "?")]

    with Journal(tmp_path / "journal", {}, NO_COMPRESSION) as journal:
        tracemalloc.start()
        for number in range(500):
            journal.add(str(number), unit(number))
        journal.sync()
        held, _most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert held < 1_000_000


def test_an_output_may_link_to_another_disk(fake: None, corpus: Path, tmp_path: Path) -> None:
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second disk")
    undisturbed, link = tmp_path / "undisturbed.jsonl", tmp_path / "out.jsonl"
    invoke(corpus, "-o", undisturbed, "--jobs", 1)
    with tempfile.TemporaryDirectory(dir=shared) as elsewhere:
        link.symlink_to(Path(elsewhere) / "real.jsonl")
        assert invoke(corpus, "-o", link, "--jobs", 1).exit_code == 1
        assert outcome(link) == outcome(undisturbed)
        assert link.is_symlink()
        assert [path.name for path in Path(elsewhere).iterdir()] == ["real.jsonl"]


@pytest.mark.parametrize("name", ["out.jsonl.gz", "out.jsonl.zst"])
def test_a_packed_output_without_articles_can_be_unpacked(
    fake: None, tmp_path: Path, name: str
) -> None:
    corpus, output = tmp_path / "corpus.jsonl", tmp_path / name
    corpus.write_text("{malformed\n", encoding="utf-8")
    assert invoke(corpus, "-o", output, "--jobs", 1).exit_code == 1
    assert output.stat().st_size > 0
    assert compression_of(output).unpack(output.read_bytes()) == b""
