"""What the wheel and the source archive carry."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from tagger import __version__

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    assert f"-{__version__}-" in Path(wheel).name
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_carries_the_model_and_the_tables(names: set[str]) -> None:
    model = {f"tagger/shipped/models/default/{name}" for name in (
        "config.json", "tokenizer.json", "characters.txt", "model.onnx", "README.md",
    )}  # fmt: skip
    lexicon = {
        f"tagger/shipped/lexicon/{path.name}"
        for path in (ROOT / "data" / "lexicon").iterdir()
        if path.suffix in {".tsv", ".toml"}
    }
    assert len(lexicon) > 5
    assert model | lexicon | {"tagger/py.typed"} <= names


def test_every_table_beside_the_code_is_in_the_wheel(names: set[str]) -> None:
    tables = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tagger").rglob("*")
        if path.suffix in {".tsv", ".toml", ".txt", ".css", ".js", ".html"}
    }
    assert len(tables) > 10
    assert tables <= names


def test_the_wheel_holds_the_package_and_nothing_else(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert tops == {"tagger", f"caijing_tagger-{__version__}.dist-info"}
    assert not [name for name in names if name.endswith((".safetensors", ".pyc"))]


def test_the_source_archive_holds_the_whole_checkout() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout of git")
    carried = {
        Path(file.path).relative_to(ROOT).as_posix()
        for file in SdistBuilder(str(ROOT)).recurse_included_files()
    }
    added_by_hatchling = {"pyproject.toml", ".gitignore"}
    assert set(listed.stdout.decode().split("\0")) - {""} <= carried | added_by_hatchling
