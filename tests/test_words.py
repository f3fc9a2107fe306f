"""Words: offsets in the text as given, names kept whole, entities tiled."""

from __future__ import annotations

import marshal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.document import Document, Entity, Word
from tagger.text import normalize
from tagger.words import Segmenter

SEGMENTER = Segmenter(["海岳矿业", "极光链", "BTC.com"])
TEXT = "海岳矿业(HYM)拟减持５１２枚比特幣，\n王立　表示BTC.com已上線。"


def words(text: str, *entities: tuple[int, int], segmenter: Segmenter = SEGMENTER) -> list[str]:
    document = Document(text)
    document.entities = [Entity(start, end, text[start:end], "COMPANY") for start, end in entities]
    return [word.text for word in segmenter(document)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("海岳矿业拟出售极光链。", ["海岳矿业", "拟", "出售", "极光链", "。"]),
        ("海嶽礦業", ["海嶽礦業"]),
        ("極光鏈收購數據中心", ["極光鏈", "收購", "數據中心"]),
        ("增長１２．５％", ["增長", "１２．５％"]),
        ("BTC.com退出", ["BTC.com", "退出"]),
        ("", []),
        (" \n\u3000", []),
    ],
)
def test_words_of_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_words_keep_the_offsets_of_the_text() -> None:
    assert SEGMENTER(Document("極光鏈 上線")) == [Word(0, 3, "極光鏈"), Word(4, 6, "上線")]


def test_a_word_is_cut_at_the_boundary_of_an_entity() -> None:
    text = "南京市长江大桥"
    assert words(text) == ["南京市", "长江大桥"]
    assert words(text, (0, 2))[0] == "南京"


def test_threads_share_a_fresh_segmenter_that_has_no_other_names() -> None:
    fresh = Segmenter()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: words("极光链上线", segmenter=fresh), range(4)))
    assert found == [["极光", "链", "上线"]] * 4
    assert words("极光链上线") == ["极光链", "上线"]


def test_jieba_is_loaded_with_the_first_words_and_says_nothing() -> None:
    program = (
        "import sys; from tagger.words import Segmenter; from tagger.document import Document;"
        "made = Segmenter(['海岳矿业']); assert 'jieba' not in sys.modules;"
        "print(len(made(Document('海岳矿业减持'))))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "2\n", "")


@pytest.mark.parametrize("folder", ["tempfile.tempdir = sys.argv[1]", "del tempfile.gettempdir"])
def test_words_go_by_no_temporary_file_and_no_warning_is_shown(tmp_path: Path, folder: str) -> None:
    (tmp_path / "jieba.cache").write_bytes(marshal.dumps(({"公告减": 10**9}, 10**9)))
    program = (
        f"import sys, tempfile; {folder};"
        "from tagger.words import Segmenter; from tagger.document import Document;"
        "print([word.text for word in Segmenter()(Document('公告减持'))])"
    )
    fresh = ["-W", "error", "-X", f"pycache_prefix={tmp_path / 'compiled'}"]
    run = subprocess.run(
        [sys.executable, *fresh, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "['公告', '减持']\n", "")


@given(st.text(max_size=60) | st.text(alphabet=TEXT, max_size=60), st.data())
def test_words_tile_the_text_and_its_entities(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    document = Document(text)
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        document.entities.append(Entity(start, end, text[start:end], "COMPANY"))
    found = SEGMENTER(document)
    assert all(text[word.start : word.end] == word.text for word in found)
    places = [place for word in found for place in range(word.start, word.end)]
    assert places == sorted(set(places))
    spaces = {place for place, character in enumerate(normalize(text)) if character.isspace()}
    assert set(range(len(text))) - set(places) == spaces
    for entity in document.entities:
        for word in found:
            inside = entity.start <= word.start and word.end <= entity.end
            assert inside or word.end <= entity.start or entity.end <= word.start
