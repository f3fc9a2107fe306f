"""What the network reads of the lexicon."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.known_names import KnownNames, table_size
from tagger.lexicon import Lexicon

KINDS = ("COMPANY", "COMPANY?", "LOCATION")
TABLE = """\
name\tlabel\tid\taliases\tvalid_from\tvalid_to\tambiguous
星河锂业\tCOMPANY\tSSE:609001\t星锂\t\t\t
长城\tCOMPANY\t\t\t\t\t1
长城\tLOCATION\t\t\t\t\t
上海\tLOCATION\t\t\t\t\t
财政局\tREGULATOR\t\t\t\t\t
"""


@pytest.fixture(scope="module")
def known_names(tmp_path_factory: pytest.TempPathFactory) -> KnownNames:
    path = tmp_path_factory.mktemp("lexicon") / "names.tsv"
    path.write_text(TABLE, encoding="utf-8")
    return KnownNames(Lexicon.load([path]), KINDS)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("星河锂业在上海", [1, 2, 2, 3, 0, 7, 9]),
        ("星锂", [1, 3]),
        ("登长城", [0, 4, 6]),  # an ordinary word: the doubtful kind
        ("财政局", [0, 0, 0]),  # a kind that the model never learned
        ("", []),
    ],
)
def test_characters_of_known_names_are_tagged(
    known_names: KnownNames, text: str, tags: list[int]
) -> None:
    assert known_names(text).tolist() == tags


@given(st.text("星河锂业长城上海财政局 a1", max_size=40))
def test_tags_fit_the_table(known_names: KnownNames, text: str) -> None:
    tags = known_names(text)
    assert len(tags) == len(text)
    assert all(0 <= each < table_size(KINDS) for each in tags)
