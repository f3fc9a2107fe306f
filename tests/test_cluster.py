"""The cluster engine: how input is divided, what is written where, and a local run's rows."""

from __future__ import annotations

import errno
import gzip
import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, replace
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

import fsspec
import pyarrow.parquet
import pytest
from fake_tagger import ARTICLE, FakeTagger, load_fake
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given
from hypothesis import strategies as st
from pyarrow.fs import S3FileSystem
from typer.testing import CliRunner, Result

import tagger
from tagger import cli, cli_options
from tagger.batch import open_batch
from tagger.cluster import ClusterSummary, connected, reading, run, stages
from tagger.cluster.journal import Journal
from tagger.cluster.listing import Entry, SourceFile, find_inputs
from tagger.cluster.parts import (
    PartFormat,
    PartRecord,
    errors_place,
    named_format,
    write_part,
)
from tagger.cluster.plan import SHARD_BYTES, SHARD_FILES, Shard, cut_shards
from tagger.cluster.reading import read_parts
from tagger.cluster.stages import PartTagger, ShardReader, Unfinished, packed, unpacked
from tagger.cluster.storage import Location, files_below, kind_of, put, read_bytes
from tagger.commands.tag_cluster import ClusterOptions
from tagger.counts import Counts
from tagger.document import Document
from tagger.readers import ReadError, ReadOptions, find_files, read
from tagger.units import Item, Loader
from tagger.workers import InProcess
from tagger.writers import OutputFormat
from tagger.writers.errors import ErrorList
from tagger.writers.jsonl import JsonlWriter, encode_line

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
NOWHERE = Location.of("/nowhere")
MISSING = ReadError("gone.txt", None, "gone.txt", "no such file or folder", "check the path")


# How input is listed.


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder as archives are: posts, tables and stray files, some of them in folders."""
    for name, text in {
        "2022/flashes.jsonl": '{"text": "星河矿业减持"}\n{"text": "证监会处罚青山资本"}\n{"body"\n',
        "2022/01/post.md": "# 星河矿业减持\n\n公司公告。\n",
        "2022/01/chart.png": "no text",
        "2022/.draft.md": "草稿",
        "2023/a.txt": "青山资本公告。",
        "2023/b.txt": "俄亥俄州矿场。",
        "notes.txt": "XHKY停牌。",
    }.items():
        path = tmp_path / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "archive"


def named(entries: Iterable[Entry]) -> list[str]:
    return [each.name if isinstance(each, SourceFile) else str(each) for each in entries]


@pytest.mark.parametrize(
    "options",
    [
        ReadOptions(),
        ReadOptions(include=("*.txt",)),
        ReadOptions(exclude=("2022/*", "b.txt")),
        ReadOptions(exclude=("01",)),
        ReadOptions(include=("*.nothing",)),
        ReadOptions(format="text"),
    ],
    ids=str,
)
def test_a_url_lists_what_its_folder_lists(archive: Path, options: ReadOptions) -> None:
    local = [str(each) for each in find_files([archive], options)]
    by_url = named(find_inputs([f"file://{archive}"], options, NOWHERE))
    assert [each.removeprefix("file://") for each in by_url] == local
    assert named(find_inputs([archive], options, NOWHERE)) == local
    assert named(find_inputs(str(archive), options, NOWHERE)) == local


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["notes.txt"]),
        ("2023/*.txt", ["2023/a.txt", "2023/b.txt"]),
        ("2023/[!a].txt", ["2023/b.txt"]),
        ("**/*.txt", ["2023/a.txt", "2023/b.txt", "notes.txt"]),
        ("20*/01", ["2022/01/post.md"]),
        ("2022/01/*.png", ["2022/01/chart.png"]),
    ],
)
def test_a_url_may_hold_a_pattern(archive: Path, pattern: str, names: list[str]) -> None:
    options = ReadOptions(exclude=() if pattern.endswith("png") else ("*.png",))
    found = named(find_inputs([f"file://{archive}/{pattern}"], options, NOWHERE))
    assert found == [f"file://{archive}/{name}" for name in names]


def test_what_a_url_does_not_find_is_an_error(archive: Path) -> None:
    inputs = [f"file://{archive}/gone", f"file://{archive}/*.gone"]
    assert [each.reason for each in find_inputs(inputs, ReadOptions(), NOWHERE)] == [
        "no such file or folder",
        "no file matches this pattern",
    ]


def test_each_file_is_listed_once_and_the_output_never(archive: Path) -> None:
    inputs = [archive / "2023", archive / "2023" / "a.txt", archive]
    output = Location.of(archive / "2022")
    assert named(find_inputs(inputs, ReadOptions(), output)) == [
        f"{archive}/{name}" for name in ("2023/a.txt", "2023/b.txt", "notes.txt")
    ]


def test_standard_input_is_refused() -> None:
    with pytest.raises(ValueError, match="standard input"):
        list(find_inputs(["-"], ReadOptions(), NOWHERE))


# How the listing is divided.

ENTRIES = st.lists(
    st.just(MISSING)
    | st.integers(0, 2 * SHARD_BYTES).map(lambda size: SourceFile("a.csv", NOWHERE, size)),
    max_size=12,
)


@given(ENTRIES, st.sampled_from([1, SHARD_FILES // 4, SHARD_FILES]))
def test_shards_tile_the_listing_within_their_bounds(entries: list[Entry], repeats: int) -> None:
    entries = [each for entry in entries for each in [entry] * repeats]
    shards = list(cut_shards(entries))
    assert [entry for shard in shards for entry in shard.entries] == entries
    assert [shard.number for shard in shards] == list(range(len(shards)))
    for shard in shards:
        size = sum(each.size for each in shard.entries if isinstance(each, SourceFile))
        assert 0 < len(shard.entries) <= SHARD_FILES
        assert len(shard.entries) == 1 or size <= SHARD_BYTES


# What a reading task reads.


def shard_of(*inputs: str | Path) -> Shard:
    options = ReadOptions()
    (shard,) = cut_shards(find_inputs(inputs, options, NOWHERE))
    return shard


def test_parts_are_runs_of_units_over_the_files(tmp_path: Path) -> None:
    for name in ("a.jsonl", "c.jsonl"):
        (tmp_path / name).write_text('{"text": "甲"}\n' * 3, encoding="utf-8")
    (tmp_path / "b.txt").write_text("乙", encoding="utf-8")
    parts = read_parts(shard_of(tmp_path), ReadOptions(), batch_size=2, part_units=3)
    assert [[[Path(item.id).name for item in unit] for unit in part] for part in parts] == [
        [["a.jsonl#1", "a.jsonl#2"], ["a.jsonl#3", "b.txt"], ["c.jsonl#1", "c.jsonl#2"]],
        [["c.jsonl#3"]],
    ]


def items_of(*inputs: str | Path) -> list[Item]:
    parts = read_parts(shard_of(*inputs), ReadOptions(), batch_size=2, part_units=1)
    return [item for part in parts for unit in part for item in unit]


def test_articles_are_called_as_they_were_named(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(archive.parent)
    assert items_of("archive") == list(read(["archive"]))
    by_url = items_of(f"file://{archive}")
    assert [each.id.removeprefix("file://") for each in by_url] == [
        each.id for each in read([archive])
    ]
    assert [each.path for each in by_url if isinstance(each, ReadError)] == [
        f"file://{archive}/2022/01/chart.png",
        f"file://{archive}/2022/flashes.jsonl",
    ]


def test_a_file_that_goes_before_it_is_read_is_an_error(archive: Path) -> None:
    for given_input in (archive / "notes.txt", f"file://{archive}/notes.txt"):
        shard = shard_of(given_input)
        (archive / "notes.txt").rename(archive / "moved.txt")
        parts = read_parts(shard, ReadOptions(), batch_size=1, part_units=1)
        assert [[[item.id for item in unit] for unit in part] for part in parts] == [
            [[str(given_input)]]
        ]
        (archive / "moved.txt").rename(archive / "notes.txt")


# What is written.


def record(shard: int, part: int, last: bool = False, transient: int = 0) -> PartRecord:
    return PartRecord(shard, part, last, Counts(1, transient, 10), transient)


def tree(folder: Path) -> list[str]:
    return sorted(
        each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()
    )


def test_a_part_of_json_lines(tmp_path: Path) -> None:
    form = PartFormat(OutputFormat.JSONL, packed="gz")
    (article,) = load_fake().pipe([ARTICLE])
    written = write_part(3, 14, True, [article, MISSING], Location.of(tmp_path), form)
    assert asdict(written) == {
        "shard": 3,
        "part": 14,
        "last": True,
        "counts": {
            "articles": 1,
            "failed": 1,
            "characters": len(ARTICLE.text),
            "entities": len(article.entities),
            "quantities": len(article.quantities),
            "events": len(article.events),
        },
        "transient": 0,
        "before": "",
        "key": "",
    }
    packed = (tmp_path / "part-0000003-000014.jsonl.gz").read_bytes()
    assert gzip.decompress(packed) == encode_line(article.to_dict())
    errors = (tmp_path / "errors" / "part-0000003-000014.jsonl").read_bytes()
    assert json.loads(errors) == {
        "path": "gone.txt",
        "record": None,
        "id": "gone.txt",
        "reason": "no such file or folder",
        "remedy": "check the path",
    }
    assert len(tree(tmp_path)) == 2


def test_a_part_of_parquet_is_a_file_in_each_table(tmp_path: Path) -> None:
    form = PartFormat(OutputFormat.PARQUET)
    (article,) = load_fake().pipe([ARTICLE])
    for part in (0, 1):
        write_part(0, part, False, [article], Location.of(f"file://{tmp_path}"), form)
    assert [name for name in tree(tmp_path) if name.startswith("entities/")] == [
        "entities/part-0000000-000000.parquet",
        "entities/part-0000000-000001.parquet",
    ]
    table = pyarrow.parquet.read_table(tmp_path / "entities")
    assert table["text"].to_pylist() == [each.text for each in article.entities] * 2


def test_formats_without_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="not html"):
        PartFormat(OutputFormat.HTML)
    with pytest.raises(ValueError, match="compressed already"):
        PartFormat(OutputFormat.PARQUET, packed="gz")


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_what_is_put_replaces_an_older_file_and_leaves_nothing_else(
    tmp_path: Path, scheme: str
) -> None:
    target = Location.of(f"{scheme}{tmp_path}/folder/file")
    put(target, b"older")
    put(target, b"newer")
    assert tree(tmp_path) == ["folder/file"]
    assert (tmp_path / "folder" / "file").read_bytes() == b"newer"


def test_a_filesystem_of_fsspec_serves_as_well() -> None:
    folder = Location.of("memory://shared/out")
    assert kind_of(folder) is None
    for content in (b"older", b"newer"):
        put(folder / "b", content)
    put(folder / "a/c", b"")
    assert [(str(each), size) for each, size in files_below(folder)] == [
        ("memory://shared/out/a/c", 0),
        ("memory://shared/out/b", 5),
    ]
    assert (kind_of(folder), read_bytes(folder / "b")) == ("folder", b"newer")


@pytest.mark.parametrize("url", ["nonsense://a/b", "s3://archive/news?no=such&setting"])
def test_a_url_that_cannot_be_opened_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=url.partition(":")[0]):
        list(find_inputs([url], ReadOptions(), NOWHERE))


class _Refusing(MemoryFileSystem):  # type: ignore[misc]
    """A store whose library raises what is no OSError, as botocore does without credentials."""

    protocol = "refusing"

    def info(self, path: str, **settings: Any) -> NoReturn:
        raise RuntimeError("unable to locate credentials")


fsspec.register_implementation("refusing", _Refusing, clobber=True)


def test_whatever_storage_raises_names_the_place() -> None:
    with pytest.raises(FileNotFoundError, match="gone/file"):
        read_bytes(Location.of("memory://gone/file"))
    with pytest.raises(OSError, match=r"^refusing://archive/news: RuntimeError: unable to locate"):
        kind_of(Location.of("refusing://archive/news"))


@pytest.mark.parametrize(
    ("output", "asked"),
    [
        ("out", (OutputFormat.JSONL, None)),
        ("s3://archive/tagged-1.2", (OutputFormat.JSONL, None)),
        ("s3://archive/tagged.gz", (OutputFormat.JSONL, "gz")),
        ("s3://archive/tagged.jsonl.zst?region=eu-west-1", (OutputFormat.JSONL, "zst")),
        ("out.parquet", (OutputFormat.PARQUET, None)),
        ("out.html", (OutputFormat.HTML, None)),
    ],
)
def test_the_name_of_the_output_asks_for_a_format(
    output: str, asked: tuple[OutputFormat, str | None]
) -> None:
    assert named_format(Location.of(output)) == asked


# What is remembered.

SETTINGS: dict[str, str | int] = {"inputs": "0123", "batch_size": 32}
SHARDS = [Shard(number, ()) for number in range(4)]


def test_a_run_goes_on_where_an_earlier_one_ended(tmp_path: Path) -> None:
    output = Location.of(tmp_path / "out")
    earlier = [record(0, 0), record(0, 1, last=True), record(1, 1), record(2, 1, last=True)]
    with pytest.raises(KeyboardInterrupt), Journal(output, SETTINGS) as journal:
        for each in earlier:
            journal.add(each)
        raise KeyboardInterrupt
    assert "_SUCCESS" not in tree(tmp_path / "out")
    with Journal(output, SETTINGS) as journal:
        assert journal.records == earlier
        assert [(each.number, set(done)) for each, done in journal.unfinished(SHARDS)] == [
            (1, {1}),
            (2, {1}),
            (3, set()),
        ]
        journal.add(record(1, 0))
    assert len(Journal(output, SETTINGS).records) == 5
    assert "_SUCCESS" in tree(tmp_path / "out")


def test_a_folder_of_other_settings_is_refused_or_begun_again(tmp_path: Path) -> None:
    output = Location.of(tmp_path / "out")
    with Journal(output, SETTINGS) as journal:
        journal.add(record(0, 0))
    with pytest.raises(ValueError, match="batch_size 32 then and 64 now"):
        Journal(output, SETTINGS | {"batch_size": 64})
    begun_again = Journal(output, SETTINGS | {"batch_size": 64}, restart=True)
    assert begun_again.records == []
    assert tree(tmp_path / "out") == ["_run.json"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("_run.json", "{"),
        ("_run.json", "[1]"),
        ("_finished/0000000.jsonl", '{"shard": 0'),
        ("_finished/0000000.jsonl", "[1]"),
        ("_finished/0000000.jsonl", '{"shard": 0, "part": 0, "last": true, "articles": 1}'),
    ],
)
def test_what_cannot_be_read_of_an_earlier_run_is_named(
    tmp_path: Path, name: str, content: str
) -> None:
    output = Location.of(tmp_path)
    with Journal(output, SETTINGS) as journal:
        journal.add(record(0, 0))
    (tmp_path / name).write_text(content)
    with pytest.raises(ValueError, match=f"{name} is damaged .*--restart"):
        Journal(output, SETTINGS)
    assert Journal(output, SETTINGS, restart=True).records == []


def test_a_part_in_which_a_process_died_is_tried_again(tmp_path: Path) -> None:
    output = Location.of(tmp_path)
    with Journal(output, SETTINGS) as journal:
        journal.add(record(0, 0, transient=1))
        journal.add(record(0, 1, last=True))
    put(errors_place(output, 0, 0), b"{}")
    with Journal(output, SETTINGS) as journal:
        assert [(each.number, set(done)) for each, done in journal.unfinished(SHARDS[:1])] == [
            (0, {1})
        ]
    assert "errors/part-0000000-000000.jsonl" not in tree(tmp_path)


def test_parts_of_two_readings_are_no_whole_shard(tmp_path: Path) -> None:
    def part(number: int, before: str, key: str, last: bool = False) -> PartRecord:
        return replace(record(0, number, last), before=before, key=key)

    output = Location.of(tmp_path)
    with Journal(output, SETTINGS) as journal:
        for each in (part(0, "", "a"), part(1, "a", "b"), part(2, "b", "c", last=True)):
            assert journal.add(each) == []
        assert journal.unfinished(SHARDS[:1]) == []
        assert journal.add(part(1, "x", "y")) == [part(1, "a", "b")]
        assert journal.unfinished(SHARDS[:1]) == [(SHARDS[0], {0: "a", 1: "y", 2: "c"})]
        assert journal.add(part(0, "", "x", last=True)) == [
            part(0, "", "a"),
            part(2, "b", "c", last=True),
            part(1, "x", "y"),
        ]
    journal = Journal(output, SETTINGS)
    assert (journal.unfinished(SHARDS[:1]), len(journal.records)) == ([], 1)


def test_finished_parts_are_noted_while_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = Location.of(tmp_path)
    journal = Journal(output, SETTINGS)
    journal.add(record(0, 0))
    assert Journal(output, SETTINGS).records == []
    monkeypatch.setattr("tagger.cluster.journal._SECONDS_BETWEEN_NOTES", 0.0)
    journal.add(record(0, 1))
    assert Journal(output, SETTINGS).records == [record(0, 0), record(0, 1)]


@pytest.mark.parametrize("restart", [False, True])
def test_a_folder_that_no_run_made_is_left_alone(tmp_path: Path, restart: bool) -> None:
    (tmp_path / "thesis.txt").write_text("")
    with pytest.raises(FileExistsError, match="not the output of an earlier run"):
        Journal(Location.of(tmp_path), SETTINGS, restart=restart)
    assert tree(tmp_path) == ["thesis.txt"]


def test_a_summary_counts_all_and_its_speed_what_is_new() -> None:
    summary = ClusterSummary()
    summary.add_part(record(0, 0, transient=1), new=False)
    assert (summary.parts, summary.counts) == (1, Counts(1, 1, 10))
    assert summary.speed() == 0.0
    summary.take_back(record(0, 0, transient=1))
    summary.add_part(record(0, 0), new=True)
    assert (summary.parts, summary.counts) == (1, Counts(1, 0, 10))
    assert summary.speed() > 0.0


# A whole job on other storage, its stages in this process.


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The settings of a store that speaks S3 on this machine, with a bucket ``archive``."""
    from moto.server import ThreadedMotoServer

    for name, value in {
        "AWS_ACCESS_KEY_ID": "someone",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"{host}:{port}"
    S3FileSystem(
        endpoint_override=endpoint, scheme="http", region="us-east-1", allow_bucket_creation=True
    ).create_dir("archive")
    yield f"?endpoint_override={endpoint}&scheme=http&region=us-east-1"
    server.stop()


def job(inputs: str, output: str, parts: int | None = None) -> None:
    """What the engine does, without Ray; killed when so many parts are written but not noted."""
    target, options = Location.of(output), ReadOptions()
    reader = ShardReader(options, batch_size=2, part_units=2)
    actor = PartTagger(load_fake, target, PartFormat(OutputFormat.JSONL, packed="gz"))
    journal = Journal(target, SETTINGS)
    shards = cut_shards(find_inputs([inputs], options, target))
    read_tables = (
        table for each in journal.unfinished(shards) for table in reader(packed(Unfinished(*each)))
    )
    try:
        for table in islice(read_tables, parts):
            journal.add(unpacked(actor(table)))
        if parts is None:
            journal.__exit__(None, None, None)
    finally:
        actor.close()


@pytest.mark.parametrize("store", ["memory://archive", "s3://archive"])
def test_a_job_on_other_storage_that_is_killed_goes_on_to_the_bytes_of_a_local_run(
    store: str, news: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An actor takes it away; see PartTagger.
    monkeypatch.setitem(vars(sys.modules["__main__"]), "__file__", __file__)
    settings = request.getfixturevalue("s3") if store.startswith("s3") else ""
    for file in sorted(news.iterdir()):
        put(Location.of(f"{store}/news/{file.name}{settings}"), file.read_bytes())
    inputs, output = f"{store}/news{settings}", f"{store}/out{settings}"
    for parts in (2, 1, None):
        job(inputs, output, parts)
    found = {
        str(each).removeprefix(f"{store}/out/"): read_bytes(each)
        for each, _size in files_below(Location.of(output))
    }
    of_records = sorted(name for name in found if name.startswith("part-"))
    of_errors = sorted(name for name in found if name.startswith("errors/"))
    records, errors = (
        each.replace(str(news).encode(), f"{store}/news".encode())
        for each in local_run(news, load_fake)
    )
    assert b"".join(gzip.decompress(found[name]) for name in of_records) == records
    assert b"".join(found[name] for name in of_errors) == errors
    assert sorted(found.keys() - {*of_records, *of_errors}) == [
        "_SUCCESS",
        "_finished/0000000.jsonl",
        "_run.json",
    ]
    assert len(of_records) == 6


def test_parts_behind_a_file_that_can_be_read_at_last_are_cut_anew(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(sys.modules["__main__"]), "__file__", __file__)
    monkeypatch.setattr(
        stages, "Workers", lambda load, jobs, finish: nullcontext(InProcess(load(), finish))
    )
    output = tmp_path / "out"

    def failing(paths: list[Path], options: ReadOptions) -> Iterator[Item]:
        if paths[0].name == "a.jsonl":
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        yield from read(paths, options)

    with monkeypatch.context() as context:
        context.setattr(reading, "read", failing)
        job(str(news), str(output))
    assert len(list(output.glob("part-*"))) == 4
    job(str(news), str(output))
    parts = [gzip.decompress(each.read_bytes()) for each in sorted(output.glob("part-*"))]
    errors = [each.read_bytes() for each in sorted(output.glob("errors/*"))]
    assert (b"".join(parts), b"".join(errors)) == local_run(news, load_fake)


# The job itself, on a Ray of two workers.


@pytest.fixture(scope="module")
def ray() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        with connected(cpus=2, object_store_memory=200 << 20):
            yield


def write_news(folder: Path, *, deadly: str) -> Path:
    """Two files of records with three single articles between them; some cannot be tagged."""
    folder.mkdir()
    for name, special in (("a.jsonl", "异常"), ("c.jsonl", deadly)):
        lines = [f'{{"text": "第{place}条：星河矿业减持300个比特币"}}' for place in range(10)]
        lines[4] = f'{{"text": "青山资本{special}"}}'
        lines[7] = '{"text":'
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ("b1.txt", "b2.txt", "b3.txt"):
        (folder / name).write_text("证监会处罚青山资本。", encoding="utf-8")
    return folder


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return write_news(tmp_path / "news", deadly="")


def local_run(inputs: Path, load: Loader, **batch: Any) -> tuple[bytes, bytes]:
    """The records and the errors of a run without a cluster, as JSON lines."""
    records = BytesIO()
    writer = JsonlWriter(records)
    with TemporaryDirectory() as folder, open_batch(load, **batch) as tag:
        path = Path(folder) / "errors.jsonl"
        with ErrorList(path, say=lambda message: None) as errors:
            for outcome in tag(read([inputs])):
                if isinstance(outcome, Document):
                    writer.write(outcome)
                else:
                    errors.add(outcome)
        return records.getvalue(), path.read_bytes() if errors.count else b""


def cluster_output(output: Path) -> tuple[bytes, bytes]:
    """The parts of a cluster's run put together."""
    return (
        b"".join(each.read_bytes() for each in sorted(output.glob("part-*.jsonl"))),
        b"".join(each.read_bytes() for each in sorted(output.glob("errors/part-*.jsonl"))),
    )


def run_small(
    inputs: Path, output: Path, load: Loader, *, actors: int = 1, **more: Any
) -> ClusterSummary:
    return run([inputs], output, load, batch_size=2, part_units=2, actors=actors, **more)


@pytest.mark.usefixtures("ray")
def test_the_rows_are_those_of_a_local_run(tmp_path: Path) -> None:
    news = write_news(tmp_path / "news", deadly="崩溃")
    summary = run_small(news, tmp_path / "out", load_fake, actors=2)
    records, errors = local_run(news, load_fake, jobs=2, batch_size=2)
    assert cluster_output(tmp_path / "out") == (records, errors)
    assert [b"died" in line for line in errors.splitlines()] == [False, False, True, False]
    assert (summary.counts.articles, summary.counts.failed, summary.parts) == (19, 4, 6)


def interrupt(summary: ClusterSummary) -> NoReturn:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("ray")
def test_an_interrupted_run_is_gone_on_with(news: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_small(news, tmp_path / "out", load_fake, after_each=interrupt)
    seen: list[int] = []
    run_small(news, tmp_path / "out", load_fake, after_each=lambda each: seen.append(each.parts))
    assert seen == [2, 3, 4, 5, 6]
    assert cluster_output(tmp_path / "out") == local_run(news, load_fake)
    assert run_small(news, tmp_path / "out", load_fake, after_each=interrupt).parts == 6


@pytest.mark.usefixtures("ray")
def test_actors_reach_a_filesystem_of_fsspec(news: Path, tmp_path: Path) -> None:
    """``local`` is fsspec's own name of the disk, which pyarrow does not know."""
    inputs, output = f"local://{news}", f"local://{tmp_path}/out"
    summary = run([inputs], output, load_fake, batch_size=2, part_units=2, actors=1)
    records, errors = (
        each.replace(str(news).encode(), inputs.encode()) for each in local_run(news, load_fake)
    )
    assert cluster_output(tmp_path / "out") == (records, errors)
    assert (summary.counts.articles, summary.counts.failed, summary.parts) == (20, 3, 6)
    assert not [name for name in tree(tmp_path / "out") if name.endswith(".tmp")]


class PreemptedTagger(FakeTagger):
    """Takes its actor's process away, once, as a provider does with a machine."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def pipe(self, documents: Iterable[Document], batch_size: int = 64) -> Iterator[Document]:
        if not self._mark.exists():
            self._mark.touch()
            os.kill(os.getppid(), signal.SIGKILL)
        return super().pipe(documents, batch_size)


@pytest.mark.usefixtures("ray")
def test_an_actor_that_is_lost_costs_no_article(news: Path, tmp_path: Path) -> None:
    run_small(news, tmp_path / "out", partial(PreemptedTagger, tmp_path / "mark"), actors=2)
    assert (tmp_path / "mark").exists()
    assert cluster_output(tmp_path / "out") == local_run(news, load_fake)


def fail_to_load() -> NoReturn:
    raise ValueError("no model 'mine'")


@pytest.mark.usefixtures("ray")
def test_what_loading_raises_reaches_the_caller(news: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no model 'mine'"):
        run_small(news, tmp_path / "out", fail_to_load)


class ObstructingTagger(FakeTagger):
    """Puts a file where a folder of the output has to be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pipe(self, documents: Iterable[Document], batch_size: int = 64) -> Iterator[Document]:
        self._folder.touch()
        return super().pipe(documents, batch_size)


@pytest.mark.usefixtures("ray")
def test_an_output_that_cannot_be_written_ends_the_run(news: Path, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="out/errors"):
        run_small(news, tmp_path / "out", partial(ObstructingTagger, tmp_path / "out" / "errors"))


@pytest.mark.usefixtures("ray")
def test_the_model_scores_as_in_a_local_run(tmp_path: Path) -> None:
    load = partial(tagger.load, threads=1)
    run_small(SAMPLES, tmp_path / "out", load)
    assert cluster_output(tmp_path / "out") == local_run(SAMPLES, load)


# The command.


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_options, "tagger_loader", lambda *_: load_fake)


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["tag", *(str(each) for each in arguments)])


@pytest.mark.usefixtures("ray", "fake")
def test_the_command_stops_at_an_error_and_goes_on_without_it(news: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl.gz"
    arguments = [news, "-o", output, "--engine", "ray", "--jobs", 1]
    arguments += ["--batch-size", 2, "--part-units", 2]
    stopped = invoke(*arguments, "--on-error", "stop")
    # Above them stands how far the run is, where it takes more than a minute.
    last = stopped.stderr.splitlines()[-2:]
    assert "tagging failed with RuntimeError: the text holds 异常" in last[0]
    assert last[1].startswith("stopped at the first error; go on without it by leaving out")
    assert (stopped.exit_code, (output / "_SUCCESS").exists()) == (1, False)
    assert invoke(*arguments, "--on-error", "stop").stderr.splitlines() == last
    result = invoke(*arguments)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == f"3 failed: {output}/errors"
    parts = sorted(output.glob("part-*.jsonl.gz"))
    written = b"".join(gzip.decompress(each.read_bytes()) for each in parts)
    assert (len(parts), written) == (6, local_run(news, load_fake)[0])


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["-o", "refusing://archive/out", "--engine", "ray"], 1, "refusing://archive/out"),
        (["-o", "out.html", "--engine", "ray"], 2, "jsonl or parquet, not html"),
        (["-o", "out.parquet", "--packed", "gz", "--engine", "ray"], 2, "compressed already"),
        (["--engine", "ray"], 2, "name it with -o"),
        (["--packed", "gz"], 2, "--packed is for --engine ray alone"),
        (["--part-units", "64"], 2, "--part-units is for --engine ray alone"),
        (["--gpus-per-actor", "1"], 2, "--gpus-per-actor is for --engine ray alone"),
    ],
)
def test_what_a_command_cannot_do_is_said_in_a_line(
    news: Path, arguments: list[str], status: int, message: str
) -> None:
    result = invoke(news, *arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (status, 1)
    assert message in result.stderr


@pytest.mark.parametrize("library", ["pyarrow", "ray"])
def test_a_missing_extra_is_named(
    news: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    result = invoke(news, "-o", str(news.parent / "out"), "--engine", "ray")
    assert result.exit_code == 2
    assert f"needs {library}; install it with: pip install 'caijing-tagger[ray]'" in result.stderr


@pytest.mark.parametrize(
    ("gpus", "device", "asked"),
    [(None, "cpu", 0.0), (None, "cuda", 1.0), (None, "cuda:0", 1.0), (0.25, "cuda", 0.25)],
)
def test_an_actor_asks_for_the_card_that_it_computes_on(
    gpus: float | None, device: str, asked: float
) -> None:
    options = ClusterOptions(
        output_format=None,
        packed=None,
        by_day=False,
        batch_size=32,
        part_units=None,
        actors=None,
        gpus_per_actor=gpus,
        device=device,
        stop_at_error=False,
        restart=False,
        quiet=False,
    )
    assert options.arguments("out")["gpus_per_actor"] == asked
