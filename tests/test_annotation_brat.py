"""brat's standoff: as brat reads it, and as it leaves it after annotators' work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tagger import annotation
from tagger.annotation import PartlyAnnotated
from tagger.annotation.labels import Layer
from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.readers import ReadError

TEXT = "星河\n矿业与青山资本拟转让矿场"


def tagged() -> Document:
    return Document(
        TEXT,
        id="flash/1",
        entities=[
            Entity(0, 5, "星河\n矿业", "COMPANY", 0.9, "星河矿业", "NYSE:XHKY"),
            Entity(6, 10, "青山资本", "COMPANY", 0.8),
        ],
        events=[
            Event(
                11,
                13,
                "转让",
                "equity_transfer",
                0.7,
                "planned",
                arguments=[
                    Argument("subject", 0, 5, "星河\n矿业", 0.6, entity=0),
                    Argument("subject", 6, 10, "青山资本", 0.6, entity=1),
                    Argument("object", 13, 15, "矿场", 0.5),
                ],
            )
        ],
    )


def write(folder: Path, *documents: Document) -> Path:
    assert annotation.write(documents, folder, "brat") == []
    return folder


def collection(folder: Path, text: str, *lines: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "news.txt").write_bytes(text.encode())
    (folder / "news.ann").write_bytes("".join(f"{line}\n" for line in lines).encode())
    return folder


def test_a_document_is_a_text_and_its_lines(tmp_path: Path) -> None:
    folder = write(tmp_path / "brat", tagged())
    assert sorted(each.name for each in folder.iterdir()) == [
        "000001-flash_1.ann",
        "000001-flash_1.json",
        "000001-flash_1.txt",
        "annotation.conf",
    ]
    assert (folder / "000001-flash_1.txt").read_bytes() == TEXT.encode()
    assert (folder / "000001-flash_1.ann").read_text(encoding="utf-8").splitlines() == [
        "T1\tCOMPANY 0 2;3 5\t星河 矿业",
        "T2\tCOMPANY 6 10\t青山资本",
        "T3\tequity_transfer 11 13\t转让",
        "T4\targument 13 15\t矿场",
        "E1\tequity_transfer:T3 subject:T1 subject2:T2 object:T4",
        "A1\tmodality E1 planned",
        "#1\tTagger T1\t星河矿业 NYSE:XHKY",
    ]


def test_the_configuration_offers_the_schema_and_what_the_documents_hold(tmp_path: Path) -> None:
    document = tagged()
    document.entities[1].label = "PRODUCT"
    document.events[0].arguments[2].role = "mine"
    config = write(tmp_path / "b", document) / "annotation.conf"
    lines = config.read_text(encoding="utf-8").splitlines()
    entities = lines[lines.index("[entities]") + 1 : lines.index("[relations]")]
    events = lines[lines.index("[events]") + 1 : lines.index("[attributes]")]
    assert entities[0] == "COMPANY"
    assert entities[-3:] == ["argument", "entity-PRODUCT", ""]
    assert events[0].startswith("divestment\tsubject*:<ANY>, object*:<ANY>, ")
    assert events[0].endswith(", mine*:<ANY>")
    assert lines[-1] == "modality\tArg:<EVENT>, Value:asserted|planned|negated|possible"


def test_what_an_annotator_changed_loses_only_what_is_no_longer_true(tmp_path: Path) -> None:
    folder = write(tmp_path / "brat", tagged())
    file = folder / "000001-flash_1.ann"
    content = file.read_text(encoding="utf-8")
    for old, new in (
        ("T2\tCOMPANY 6 10\t青山资本", "T2\tCOMPANY 6 8\t青山"),
        ("E1 planned", "E1 negated"),
        (" object:T4", ""),
        ("T4\targument 13 15\t矿场\n", ""),
    ):
        assert old in content
        content = content.replace(old, new)
    file.write_text(content + "#7\tAnnotatorNotes T2\t只写了一半\n", encoding="utf-8")
    expected = tagged()
    expected.entities[1] = Entity(6, 8, "青山", "COMPANY")
    expected.events[0].modality = "negated"
    expected.events[0].arguments[1:] = [Argument("subject", 6, 8, "青山", entity=1)]
    expected.metadata = {"notes": [{"start": 6, "end": 8, "text": "青山", "note": "只写了一半"}]}
    assert list(annotation.read(folder)) == [expected]


def test_a_collection_of_another_project_is_read_with_relations_and_attributes(
    tmp_path: Path,
) -> None:
    folder = collection(
        tmp_path / "theirs",
        "青山资本未获2亿元融资",
        "T1\tVENTURE 0 4\t青山资本",
        "T2\tMONEY 6 9\t2亿元",
        "T3\tfunding 9 11\t融资",
        "T4\tdenial 4 5\t未",
        "E1\tfunding:T3 amount:T2",
        "E2\tdenial:T4 of:E1",
        "R1\tsubject Arg1:E1 Arg2:T1\t",
        "A1\tNegation E1",
        "A2\tConfidence T1 high",
        "N1\tReference T1 Wiki:12\t青山",
        "#1\tAnnotatorNotes E1\t存疑",
        "",
    )
    note = {"start": 9, "end": 11, "text": "融资", "note": "存疑"}
    assert list(annotation.read(folder)) == [
        Document(
            "青山资本未获2亿元融资",
            id="news",
            metadata={
                "notes": [note],
                "brat": ["A2\tConfidence T1 high", "N1\tReference T1 Wiki:12\t青山"],
            },
            entities=[Entity(0, 4, "青山资本", "VENTURE")],
            quantities=[Quantity(6, 9, "2亿元", "MONEY")],
            events=[
                Event(4, 5, "未", "denial", group=0, arguments=[Argument("of", 9, 11, "融资")]),
                Event(
                    9,
                    11,
                    "融资",
                    "funding",
                    modality="negated",
                    group=1,
                    arguments=[
                        Argument("subject", 0, 4, "青山资本", entity=0),
                        Argument("amount", 6, 9, "2亿元", quantity=0),
                    ],
                ),
            ],
        )
    ]


def test_a_span_over_a_line_end_may_be_in_one_piece(tmp_path: Path) -> None:
    folder = collection(tmp_path / "b", "上海\r\n浦东", "T1\tLOCATION 0 6\t上海  浦东")
    assert list(annotation.read(folder)) == [
        PartlyAnnotated(
            "上海\r\n浦东",
            id="news",
            entities=[Entity(0, 6, "上海\r\n浦东", "LOCATION")],
            layers=frozenset({Layer.ENTITIES}),
        )
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T1\tCOMPANY 0 1;2 3\t甲 司", "the discontinuous span T1 COMPANY 0 1;2 3"),
        ("T1\tCOMPANY 0 2\t乙公", "[0, 2) holds '甲公', not '乙公'"),
        ("T1 COMPANY 0 2 甲公", "'T1 COMPANY 0 2 甲公' is no line of brat"),
        ("E1\tlisting:T9", "there is no T9"),
        ("R1\tsubject Arg1:E9 Arg2:T9", "there is no E9"),
    ],
)
def test_a_line_that_cannot_be_read_is_an_error_with_its_number(
    tmp_path: Path, line: str, reason: str
) -> None:
    folder = collection(tmp_path / "b", "甲公司", "T5\tCOMPANY 0 3\t甲公司", line)
    (folder / "sound.txt").write_text("无", encoding="utf-8")
    (folder / "sound.ann").touch()
    error, sound = annotation.read(folder)
    assert isinstance(error, ReadError)
    assert (error.path, error.record, error.id) == (str(folder / "news.ann"), "line 2", "news")
    assert error.reason == reason
    assert isinstance(sound, Document)


def test_a_text_and_its_lines_must_be_there_both(tmp_path: Path) -> None:
    folder = collection(tmp_path / "b", "甲公司")
    (folder / "news.txt").rename(folder / "other.txt")
    errors = [str(error) for error in annotation.read(folder)]
    assert errors == [
        f"{folder / 'news.ann'}: news.txt is missing; put it back beside the .ann file",
        f"{folder / 'other.txt'}: a text without an .ann file; add an empty one if there is "
        "nothing to mark in it",
    ]


def test_the_folder_of_an_annotators_work_is_never_replaced(tmp_path: Path) -> None:
    folder = write(tmp_path / "brat", tagged())
    with pytest.raises(FileExistsError, match="choose another name"):
        annotation.write([Document("无")], folder, "brat")
    assert list(annotation.read(folder)) == [tagged()]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (
            Document("甲\n", entities=[Entity(0, 2, "甲\n", "COMPANY")]),
            "COMPANY [0, 2) begins or ends with a line's end",
        ),
        (
            Document("甲", entities=[Entity(0, 1, "甲", "A B")]),
            "brat cannot hold the name 'entity-A B'",
        ),
        (
            Document(
                "甲乙丙",
                events=[
                    Event(
                        0,
                        1,
                        "甲",
                        "listing",
                        arguments=[Argument("arg", 1, 2, "乙"), Argument("arg1", 2, 3, "丙")],
                    )
                ],
            ),
            "beside the role 'arg', brat takes 'arg1' for the same role",
        ),
        (Document("\ud800"), "a lone surrogate"),
    ],
)
def test_what_brat_cannot_hold_is_refused_and_costs_itself(
    tmp_path: Path, document: Document, reason: str
) -> None:
    (error,) = annotation.write([document, tagged()], tmp_path / "brat", "brat")
    assert error.reason.startswith(reason)
    assert list(annotation.read(tmp_path / "brat")) == [tagged()]
