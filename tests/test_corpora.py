"""Corpora as published become examples: the files of ``tests/corpora`` are invented."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.corpora import write_examples
from training.examples import CorpusError, Example
from training.readers.collecting import HELD_OUT_SPLITS, TRAINING_SPLITS, Collector
from training.readers.hub import Address, address_of
from training.readers.joining import joined
from training.readers.label_maps import LabelMap
from training.readers.locating import occurrences
from training.readers.reading import Corpus, read_corpus

CORPORA = Path(__file__).parent / "corpora"


def said(example: Example) -> tuple[str, list[str] | None, list[list[str]] | None]:
    """Text, entities and events, each span by its label and text; a trigger with its start."""
    text, entities, events = example.text, None, None
    if example.entities is not None:
        entities = [f"{span.label} {text[span.start : span.end]}" for span in example.entities]
    if example.events is not None:
        events = [
            [f"{event.trigger.label}@{event.trigger.start}"]
            + [f"{span.label} {text[span.start : span.end]}" for span in event.arguments]
            for event in example.events
        ]
    return text, entities, events


def left_out(corpus: Corpus) -> list[str]:
    return [f"{each.what}: {each.reason}" for each in corpus.left_out]


@pytest.mark.parametrize(
    ("name", "examples", "lost"),
    [
        (
            "project.jsonl",
            [
                (
                    "星河锂业减持。",
                    ["COMPANY 星河锂业"],
                    [["divestment@4", "subject 星河锂业"]],
                )
            ],
            [],
        ),
        (
            "cluener.json",
            [
                (
                    "北屿银行的陆知远表示，《云上纪事》由北屿银行资助。",
                    ["company 北屿银行", "name 陆知远", "book 《云上纪事》", "company 北屿银行"],
                    None,
                ),
                ("没有任何名字。", [], None),
                ("《北屿银行：十年》上架", ["book 《北屿银行：十年》"], None),
            ],
            ["entity company '北屿银行' [1, 5): overlaps a longer one, which is kept"],
        ),
        ("msra.txt", [("陆知远在云州。", ["PER 陆知远", "LOC 云州"], None), ("好", [], None)], []),
        ("peoples_daily.txt", [("云州市 晴", ["ns 云州市"], None)], []),
        (
            "weibo.conll",
            [("@云州的网友2", ["GPE.NAM 云州", "PER.NOM 网友"], None), ("早", [], None)],
            [],
        ),
        ("resume.char.bmes", [("陆知远，男，汉族。", ["NAME 陆知远", "RACE 汉族"], None)], []),
        ("ontonotes4.char.bmes", [("在IT部日", ["ORG IT部", "GPE 日"], None)], []),
        ("conll2003.txt", [("North Islet Inc. said 3.5.", ["ORG North Islet Inc."], None)], []),
        (
            "ontonotes.gold_conll",
            [("云州Tim Lu说", ["GPE 云州", "PERSON Tim Lu"], None), ("好", [], None)],
            [],
        ),
        (
            "duee_fin.json",
            [
                (
                    "星河锂业公告，5月3日股东减持3%，此前曾减持15%。蓝湾能源则完成上市。",
                    None,
                    [
                        ["股东减持@13", "减持部分占总股本比例 15%", "股票简称 星河锂业"],
                        ["股东减持@13", "事件时间 5月3日", "减持部分占总股本比例 3%"],
                        ["公司上市@34", "上市公司 蓝湾能源"],
                    ],
                ),
                ("没有事件。", None, []),
                ("没有标注。", None, None),
            ],
            [
                "argument 环节 '正式上市' of 公司上市: not in the text",
                "event 中标, trigger '中标': not in the text",
            ],
        ),
        (
            "chfinann.json",
            [
                (
                    "证券代码：600999证券简称：星河锂业\n陆知远质押100股。\n解除后，陆知远再次增持。",
                    ["StockCode 600999", "Pledger 陆知远", "PledgedShares 100股", "Pledger 陆知远"],
                    [["EquityPledge@24", "Pledger 陆知远", "PledgedShares 100股"]],
                )
            ],
            ["event EquityFreeze: no word of chfinann_triggers.toml names it in the text"],
        ),
        (
            "fewfc.json",
            [
                (
                    "星河锂业质押200股，蓝湾能源中标。",
                    None,
                    [
                        ["质押@4", "sub-org 星河锂业", "number 200", "collateral 股"],
                        ["中标@15", "sub 蓝湾能源"],
                    ],
                )
            ],
            [],
        ),
        (
            "fewfc_rearranged.json",
            [
                (
                    "北屿银行要约收购云州钢铁。",
                    None,
                    [["收购@4", "sub-org 北屿银行", "obj-org 云州钢铁"]],
                ),
                ("无事。", None, []),
            ],
            ["event 投资 '收购' [6, 8): overlaps a longer one, which is kept"],
        ),
        (
            "fewfc_casee.json",
            [("北屿银行起诉云州钢铁。", None, [["起诉@4", "obj-org 云州钢铁"]])],
            [],
        ),
        (
            "tokens.jsonl",
            [("陆知远加入Blue Bay公司", ["PER 陆知远", "ORG Blue Bay公司"], None)],
            ["record: its text is empty"],
        ),
    ],
)
def test_a_corpus_is_read_as_it_is_published(
    name: str, examples: list[object], lost: list[str]
) -> None:
    corpus = read_corpus(str(CORPORA / name))
    found = [said(each) for each in corpus.examples]
    assert (found, corpus.faults, left_out(corpus)) == (examples, [], lost)


@pytest.mark.parametrize("path", sorted(CORPORA.iterdir()), ids=lambda path: path.name)
def test_what_was_read_is_the_same_in_the_projects_own_shape(path: Path, tmp_path: Path) -> None:
    examples = read_corpus(str(path)).examples
    write_examples(examples, tmp_path / "own.jsonl")
    assert read_corpus(str(tmp_path / "own.jsonl")) == Corpus(examples)


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (
            '{"text": "甲乙", "label": {"name": {"乙": [[0, 0]]}}}',
            ":1: ",
            "entity name [0, 1): holds '甲', not '乙'; correct the offsets",
        ),
        ('{"text": "甲", "label": {"name": ["甲"]}}', ":1: ", "'label' does not hold labels"),
        ("甲 O\n乙 B-PER\n丙 X-PER\n", ":3: ", "'X-PER' is no tag; write O, B-LABEL"),
        ("甲 O\n乙\n丙 O\n", ":2: ", "no tag behind '乙'"),
        (
            '[\n{"content": "甲", "events": [{"type": "x"}]},\n{"content": 1}]',
            ":3, record 2: ",
            "no",
        ),
        ('[{"content": "甲", "events": []} {"content"', ":1, record 1: ", "neither a comma nor"),
        ('{"text": "甲", "event_list": [{"trigger": "甲"}]}', ":1: ", "not as DuEE-fin writes it"),
        ('[["1", {"sentences": "甲"}]]', ":1, record 1: ", "not a document as ChFinAnn writes it"),
        ('{"tokens": ["甲"], "ner_tags": []}', ":1: ", "1 tokens with 0 ner_tags"),
        ('{"tokens": ["甲"], "ner_tags": [3]}', ":1: ", "numbers without names"),
        ('{"text": "甲", "label": [[0, 1, "X"]]}', ": ", "convert it first: tagger convert"),
        ("just a line of text\n", ": ", "name it with --format: jsonl, tokens, tags"),
        ("", ": ", "its first records tell no format"),
    ],
)
def test_a_fault_names_its_place_its_reason_and_its_remedy(
    tmp_path: Path, content: str, place: str, reason: str
) -> None:
    path = tmp_path / "bad"
    path.write_text(content, encoding="utf-8")
    fault = str(read_corpus(str(path)).faults[0])
    assert (fault.startswith(f"{path}{place}"), reason in fault) == (True, True), fault


def test_all_faults_of_all_files_are_said_at_once_and_twenty_listed(tmp_path: Path) -> None:
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    bad = '{"text": "甲", "entities": [{"start": 0, "end": 9, "label": "X"}]}\n'
    paths[0].write_text(bad * 15 + '{"text": "好", "entities": []}\n', encoding="utf-8")
    paths[1].write_text(bad * 15, encoding="utf-8")
    collector = Collector()
    collector.read([str(each) for each in paths], TRAINING_SPLITS)
    with pytest.raises(CorpusError) as caught:
        collector.check()
    lines = str(caught.value).split("\n")
    assert (lines[0], len(lines), lines[-1]) == (
        "30 faults in the data:",
        22,
        "… and 10 more",
    )
    skipping = Collector(skip_faults=True)
    (kept,) = skipping.read([str(paths[0])], TRAINING_SPLITS)
    skipping.check()
    assert kept.text == "好"


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (["陆", "知", "远"], "陆知远"),
        (["i", "P", "h", "o", "n", "e"], "iPhone"),
        (["Blue", "Bay", "公司", "CEO", "Tim", "Lu"], "Blue Bay公司CEO Tim Lu"),
        (["2019", "年", "3.5", "%"], "2019年3.5%"),
        (["Inc.", "said", ",", "yes"], "Inc. said, yes"),
        ([], ""),
    ],
)
def test_tokens_are_joined_as_their_script_is_written(tokens: list[str], text: str) -> None:
    assert joined(tokens)[0] == text


@given(st.lists(st.text(alphabet="陆知Ab1., \u3000é", max_size=4), max_size=12))
def test_every_token_stands_where_its_place_says(tokens: list[str]) -> None:
    text, places = joined(tokens)
    assert [text[start:end] for start, end in places[: len(tokens)]] == tokens


@pytest.mark.parametrize(
    ("text", "phrase", "starts"),
    [
        ("占15%，另占5%，1.5%", "5%", [7]),
        ("IT部与EXIT", "IT", [0]),
        ("减持又减持", "减持", [0, 3]),
        ("股本", "", []),
    ],
)
def test_a_phrase_stands_where_it_cuts_no_number_and_no_word(
    text: str, phrase: str, starts: list[int]
) -> None:
    assert [start for start, _end in occurrences(text, phrase)] == starts


def test_labels_are_translated_by_a_table() -> None:
    corpus = read_corpus(str(CORPORA / "fewfc.json"), label_map=LabelMap.load("fewfc"))
    assert ([said(each)[2] for each in corpus.examples], left_out(corpus)) == (
        [
            [
                ["pledge@4", "subject 星河锂业", "quantity 200"],
                ["bid_win@15", "subject 蓝湾能源"],
            ]
        ],
        ["collateral '股' [9, 10): fewfc.toml leaves collateral out"],
    )


def test_a_label_that_the_table_does_not_hold_is_a_fault(tmp_path: Path) -> None:
    table = tmp_path / "t.toml"
    table.write_text('[events]\n"质押" = "pledge"\n"中标" = ""\n', encoding="utf-8")
    corpus = read_corpus(str(CORPORA / "fewfc.json"), label_map=LabelMap.load(str(table)))
    assert [each.reason for each in corpus.faults] == [
        f"sub-org '星河锂业' [0, 4): no 'sub-org' in [roles] of {table}",
        f"number '200' [6, 9): no 'number' in [roles] of {table}",
        f"collateral '股' [9, 10): no 'collateral' in [roles] of {table}",
    ]


@pytest.mark.parametrize("name", ["duee-fin", "fewfc"])
def test_the_tables_of_the_project_lead_to_its_schema(name: str) -> None:
    from tagger.schema import EVENT_TYPES, ROLES

    table = LabelMap.load(name)
    roles = {*table.roles.values(), *(r for t in table.roles_of.values() for r in t.values())}
    assert set(table.events.values()) <= set(EVENT_TYPES)
    assert roles <= {*ROLES, ""}
    assert set(table.roles_of) <= set(table.events)


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("hub:a/b", Address("a/b", None, None, False)),
        ("hub:a/b:test", Address("a/b", None, "test", False)),
        ("hub:a/b:zh:test", Address("a/b", "zh", "test", False)),
        ("msra_ner", Address("msra_ner", None, None, False)),
        ("mine.jsonl", None),
        ("no/such/folder/a", None),
        (str(CORPORA), Address(str(CORPORA), None, None, True)),
        (f"{CORPORA}:train", Address(str(CORPORA), None, "train", True)),
    ],
)
def test_a_source_is_a_path_or_a_name_on_the_hub(source: str, address: Address | None) -> None:
    assert address_of(source) == address


def test_datasets_are_read_from_disk_parquet_and_csv(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    names = datasets.ClassLabel(names=["O", "B-PER", "I-PER"])
    columns = {"tokens": datasets.List(datasets.Value("string")), "ner_tags": datasets.List(names)}
    tagged = datasets.Dataset.from_dict(
        {"tokens": [["陆", "知", "在"]], "ner_tags": [[1, 2, 0]]}, datasets.Features(columns)
    )
    own = datasets.Dataset.from_list(
        [json.loads((CORPORA / "project.jsonl").read_text(encoding="utf-8"))]
    )
    datasets.DatasetDict(train=tagged, validation=own).save_to_disk(tmp_path / "both")
    tagged.to_parquet(tmp_path / "a.parquet")
    (tmp_path / "a.csv").write_text(
        'text,entities\n陆知在,"[{""start"": 0, ""end"": 2, ""label"": ""PER""}]"\n',
        encoding="utf-8",
    )
    expected = ("陆知在", ["PER 陆知"], None)
    for name in ("both", "both:train", "a.parquet", "a.csv"):
        corpus = read_corpus(str(tmp_path / name), splits=TRAINING_SPLITS)
        assert ([said(each) for each in corpus.examples], corpus.faults) == ([expected], []), name
    dev = read_corpus(str(tmp_path / "both"), splits=HELD_OUT_SPLITS)
    assert dev.examples == read_corpus(str(CORPORA / "project.jsonl")).examples
    (fault,) = read_corpus(f"{tmp_path / 'both'}:nosuch").faults
    assert (fault.reason, fault.remedy) == (
        "it has the splits train, validation, not nosuch",
        f"name one: {tmp_path / 'both'}:train",
    )


def test_a_name_that_the_hub_does_not_give_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")

    def unreachable(*_arguments: object, **_options: object) -> None:
        raise ConnectionError("Couldn't reach the hub\nlong story")

    monkeypatch.setattr(datasets, "load_dataset", unreachable)
    (fault,) = read_corpus("hub:nobody/nothing").faults
    assert str(fault) == (
        "hub:nobody/nothing: no such file, and the Hugging Face hub gave no dataset of that name "
        "(ConnectionError: Couldn't reach the hub); check the spelling and the network; without "
        "one, save the dataset to disk elsewhere and give its folder"
    )


def test_data_is_checked_before_torch_is_imported() -> None:
    """In a process of its own: this one may have imported torch already."""
    program = "import sys, training.train; print('torch' in sys.modules, 'datasets' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=CORPORA.parent.parent
    )
    assert result.stdout == "False False\n", result.stderr
