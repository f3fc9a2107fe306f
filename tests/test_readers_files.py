"""Files, folders, patterns, standard input, and what is no article."""

from __future__ import annotations

import errno
import gzip
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tagger.document import Document
from tagger.readers import ReadError, ReadOptions, find_files, read


def fill(folder: Path, *names: str) -> None:
    """Writes a short article into each of the named files."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("公司停牌。", encoding="utf-8")


def outcome(results: list[str | ReadError], folder: Path) -> list[str]:
    """Paths below the folder; those of errors with a question mark."""
    return [
        os.path.relpath(each.path, folder) + "?"
        if isinstance(each, ReadError)
        else os.path.relpath(each, folder)
        for each in results
    ]


def only_error(path: Path, options: ReadOptions | None = None) -> ReadError:
    """The single error that a path gives."""
    (found,) = read([path], options)
    assert isinstance(found, ReadError), found
    assert (found.path, found.record, found.id) == (str(path), None, str(path))
    assert found.remedy
    return found


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            ReadOptions(),
            ["2022.02.18", "LICENSE", "a.md", "b.png?", "c/a.txt", "c/d/e.html", "z.txt"],
        ),
        (ReadOptions(include=("*.txt",)), ["c/a.txt", "z.txt"]),
        (ReadOptions(include=("c/*",)), ["c/a.txt", "c/d/e.html"]),
        (ReadOptions(include=("**/*.png",)), ["b.png"]),
        (ReadOptions(exclude=("*.png", "c", "LICENSE")), ["2022.02.18", "a.md", "z.txt"]),
        (ReadOptions(exclude=("*.png", "c/d"), include=("*.html", "a.*")), ["a.md", "c/a.txt"]),
    ],
)  # fmt: skip
def test_folder_is_walked_in_order(
    tmp_path: Path, options: ReadOptions, expected: list[str]
) -> None:
    fill(tmp_path, "z.txt", "a.md", "c/a.txt", "c/d/e.html", ".hidden.txt", ".git/a.txt")
    fill(tmp_path, "b.png", "LICENSE", "2022.02.18")
    assert outcome(list(find_files([tmp_path], options)), tmp_path) == expected


def test_overlapping_inputs_give_each_file_once(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "b/c.txt", "b/d.md")
    inputs: list[str | Path] = [
        tmp_path / "b" / "c.txt",
        str(tmp_path / "*.txt"),
        tmp_path,
        f"{tmp_path}/**",
    ]
    assert outcome(list(find_files(inputs)), tmp_path) == ["b/c.txt", "a.txt", "b/d.md"]


def test_paths_stay_as_they_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "in/a.txt")
    monkeypatch.chdir(tmp_path)
    assert [each.id for each in read(["in", "./in/a.txt"])] == ["in/a.txt"]


@pytest.mark.parametrize("kind", [str, Path])
def test_one_input_may_stand_alone(tmp_path: Path, kind: type[str] | type[Path]) -> None:
    fill(tmp_path, "a.txt", "b.txt")
    assert outcome(list(find_files(kind(tmp_path))), tmp_path) == ["a.txt", "b.txt"]
    assert [each.id for each in read(kind(tmp_path / "a.txt"))] == [str(tmp_path / "a.txt")]


def test_excluded_file_is_left_out_even_when_named(tmp_path: Path) -> None:
    fill(tmp_path, "draft-a.txt", "b.txt")
    inputs = sorted(tmp_path.iterdir())
    assert outcome(list(find_files(inputs, ReadOptions(exclude=("draft-*",)))), tmp_path) == [
        "b.txt"
    ]


def test_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    assert only_error(tmp_path).reason == "the folder holds no articles"


def test_links_are_followed_but_never_in_a_circle(tmp_path: Path) -> None:
    fill(tmp_path, "a/b.txt")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "linked.txt").symlink_to(tmp_path / "a" / "b.txt")
    results = list(find_files([tmp_path]))
    assert outcome(results, tmp_path) == ["a/b.txt", "a/loop?", "broken.txt?", "linked.txt"]
    assert "a broken link to" in str(results[2])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*/2022", ["x/2022/a.txt", "y/2022/2022/b.txt", "y/2022/c.png?"]),
        ("**/2022", ["x/2022/a.txt", "y/2022/2022/b.txt", "y/2022/c.png?"]),
        ("**/2022/*", ["x/2022/a.txt", "y/2022/2022/b.txt", "y/2022/c.png"]),
        ("**/", ["x/2022/a.txt", "y/2022/2022/b.txt", "y/2022/c.png?", "z?"]),
        ("**", ["x/2022/a.txt", "y/2022/2022/b.txt", "y/2022/c.png"]),
        ("**/*", ["x/2022/a.txt", "y/2022/2022/b.txt", "y/2022/c.png"]),
        ("z/**", ["z/**?"]),
        ("**/*.md", ["**/*.md?"]),
    ],
)
def test_pattern_gives_the_files_of_the_folders_that_it_matches(
    tmp_path: Path, pattern: str, expected: list[str]
) -> None:
    fill(tmp_path, "x/2022/a.txt", "y/2022/2022/b.txt", "y/2022/c.png", "z/.hidden.txt")
    options = ReadOptions(exclude=("z",))
    assert outcome(list(find_files(f"{tmp_path}/{pattern}", options)), tmp_path) == expected


@pytest.mark.parametrize("pattern", ["x/*", "*/*.txt", "**/*.txt", "**", "x/[a-z]/*.txt"])
def test_a_folder_that_a_pattern_cannot_list_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    fill(tmp_path, "x/a.txt", "y/b.txt")
    listed = os.scandir

    def stale(folder: Any) -> Any:
        if str(folder).rstrip("/") == str(tmp_path / "x"):
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        return listed(folder)

    monkeypatch.setattr(os, "scandir", stale)
    (error,) = (
        found for found in find_files(f"{tmp_path}/{pattern}") if isinstance(found, ReadError)
    )
    assert (error.path, error.transient) == (str(tmp_path / "x"), True)
    assert "cannot be listed (Stale file handle)" in error.reason
    options = ReadOptions(exclude=("x", "x/*"))
    assert not any("listed" in str(found) for found in find_files(f"{tmp_path}/{pattern}", options))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no.txt", "no such file or folder"),
        ("no*.txt", "no file matches this pattern"),
        ("a\0b", "no path at all (embedded null byte)"),
        ("x" * 300, "cannot be read (File name too long)"),
    ],
)
def test_missing_input_is_an_error(tmp_path: Path, name: str, reason: str) -> None:
    (found,) = find_files([str(tmp_path / name)])
    assert isinstance(found, ReadError)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "an empty file"),
        ("a.jsonl", b"", "an empty file"),
        ("a.csv", b"", "an empty file"),
        ("a.txt", b" \n\t\n", "it holds no text"),
        ("a.html", b"<html><body><img src=x></body></html>", "it holds no text"),
        ("a.jsonl", b"\n\n", "the file holds no records"),
        ("a.json", b"[]", "the file holds no records"),
        ("a.csv", b"text\n", "the file holds no records"),
        ("a.txt", b"\0\1\2\3" * 50, "a binary file (control character U+0000 at character 0)"),
        ("a.md", b"text\0\1\2\3", "a binary file (control character U+0000 at character 4)"),
        ("a.pdf", b"%PDF-1.7 x", "a PDF, which is out of scope"),
        ("a.txt", b"%PDF-1.7 x", "a PDF, which is out of scope"),
        ("a.docx", b"PK\3\4abc", "a ZIP archive or an Office document, not an article"),
        ("a.html", b"\x89PNG\r\n", "a picture, not an article"),
        ("a.txt.gz", gzip.compress(b""), "an empty file"),
        ("a.txt.gz", gzip.compress(b"abc" * 1000)[:-12], "the gzip file is truncated or damaged"),
        ("a.jsonl.gz", gzip.compress(b"abc")[:12], "the gzip file is truncated or damaged"),
        ("a.csv.gz", b"\x1f\x8b\x08" + b"\xff" * 40, "the gzip file is truncated or damaged"),
    ],
)
def test_file_that_is_no_article_says_why(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert only_error(path).reason.startswith(reason)


@pytest.mark.parametrize(
    ("name", "data", "remedy"),
    [
        ("a.zip", b"PK\3\4abc", "unpack it, or convert it to text or HTML first"),
        ("a.txt", b"BZh91AY", "unpack it, or convert it to text or HTML first"),
        ("a.png", b"\x89PNG\r\n", "convert it to text or HTML first"),
    ],
)
def test_an_archive_is_to_be_unpacked(tmp_path: Path, name: str, data: bytes, remedy: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert only_error(path).remedy == remedy


def test_records_before_a_truncation_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    lines = b"".join(
        b'{"text": "%d %s"}\n' % (n, os.urandom(8).hex().encode()) for n in range(9000)
    )
    path.write_bytes(gzip.compress(lines)[:-4000])
    *documents, error = read([path])
    assert isinstance(error, ReadError)
    assert (error.record, len(documents) > 1000) == (None, True)


@pytest.mark.parametrize("damage", [lambda packed: packed[:-4], lambda packed: packed + b"rest"])
def test_records_of_a_small_archive_are_kept(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(damage(gzip.compress(b'{"text": "one"}\n{"text": "two"}\n')))
    first, second, error = read([path])
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.text, second.text) == ("one", "two")
    assert isinstance(error, ReadError)
    assert error.reason.startswith("the gzip file is truncated or damaged")


def test_article_over_the_limit_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("停牌。" * 4, encoding="utf-8")
    assert only_error(path, ReadOptions(max_characters=11)).reason == (
        "12 characters, more than the limit of 11"
    )


def test_file_too_large_for_any_article_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagger.readers.streams.byte_limit", lambda _: 1000)
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"a" * 1_000_000))
    assert only_error(path).reason.startswith("larger than 1,000 bytes")


def test_file_without_rights_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    fill(tmp_path, "a.txt")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert only_error(path).reason == "no permission to read it"


def test_folder_that_cannot_be_listed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", refuse)
    assert only_error(tmp_path).reason == "the folder cannot be listed (Permission denied)"


def test_name_that_is_not_utf8_gives_a_writable_id(tmp_path: Path) -> None:
    raw = os.path.join(os.fsencode(tmp_path), b"\xff\xfe.txt")  # noqa: PTH118
    Path(os.fsdecode(raw)).write_text("公司停牌。", encoding="utf-8")
    (found,) = read([tmp_path])
    assert isinstance(found, Document)
    assert found.id == f"{tmp_path}/\\xff\\xfe.txt"


def test_names_that_are_not_utf8_give_writable_errors(tmp_path: Path) -> None:
    Path(tmp_path / os.fsdecode(b"1.\xbf\xec\xd1\xb6")).touch()
    (tmp_path / "broken.txt").symlink_to(os.fsdecode(b"/nowhere/\xd6\xd0"))
    unknown, broken = find_files([tmp_path])
    assert isinstance(unknown, ReadError)
    assert isinstance(broken, ReadError)
    assert unknown.reason == ".\\xbf\\xec\u0476 is no article format"
    assert "--exclude '*.\\xbf\\xec\u0476'" in unknown.remedy
    assert broken.reason == "a broken link to /nowhere/\\xd6\\xd0"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('{"text": "停牌。"}\n', "停牌。"),
        ('[{"text": "停牌。"}]', "停牌。"),
        ("<!DOCTYPE html><html><body><p>停牌。</p></body></html>", "停牌。"),
        ("<p>停牌。</p>", "停牌。"),
        ("---\ntitle: 公告\n---\n停牌。", "公告\n停牌。"),
        ("{停牌}。", "{停牌}。"),
        ("停牌。", "停牌。"),
    ],
)
@pytest.mark.parametrize("compressed", [False, True])
def test_unknown_suffix_and_standard_input_are_read_by_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, text: str, compressed: bool
) -> None:
    data = gzip.compress(content.encode()) if compressed else content.encode()
    path = tmp_path / "a.dat"
    path.write_bytes(data)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert [each.text for each in read([path, "-"]) if isinstance(each, Document)] == [text, text]
    assert not sys.stdin.closed


def test_given_format_wins_over_the_name(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("id,text\n1,停牌。\n", encoding="utf-8")
    (found,) = read([path], ReadOptions(format="csv"))
    assert isinstance(found, Document)
    assert (found.id, found.text) == ("1", "停牌。")


def test_pipe_is_read(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, '{"text": "停牌。"}\n'.encode())
    os.close(writing)
    (found,) = read([f"/dev/fd/{reading}"])
    os.close(reading)
    assert isinstance(found, Document)
    assert found.text == "停牌。"


@pytest.mark.parametrize(
    ("source", "title", "body"),
    [
        ("蓝湖能源停牌\n\n公司今日停牌，原因待定。", "蓝湖能源停牌", "\n公司今日停牌，原因待定。"),
        ("公司今日停牌。\n原因待公告。", None, "公司今日停牌。\n原因待公告。"),
        ("一行", None, "一行"),
    ],
)  # fmt: skip
def test_plain_text_is_kept_and_its_headline_is_the_title(
    tmp_path: Path, source: str, title: str | None, body: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(source, encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, Document)
    assert (found.title, found.text[found.body_start :]) == (title, body)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"format": "pdf"}, "format='pdf' is none of text, markdown"),
        ({"include": "*.md"}, r"include='\*.md' is one pattern; give a tuple: \('\*.md',\)"),
        ({"encoding": "klingon"}, "encoding='klingon' is unknown"),
        ({"encoding": "base64"}, "encoding='base64' is unknown"),
        ({"timezone": "Mars/Base"}, "timezone='Mars/Base' is unknown"),
        ({"columns": {"txt": "a"}}, "columns: 'txt' is none of text, title"),
        ({"max_characters": 0}, "max_characters=0 must be at least 1"),
    ],
)
def test_bad_option_is_refused_with_its_value(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ReadOptions(**arguments)  # type: ignore[arg-type]
