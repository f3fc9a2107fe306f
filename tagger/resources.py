"""Where the shipped model and tables lie: inside the installed package, or in a checkout."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent


def resource_path(name: str) -> Path:
    """The path of a shipped file or folder such as ``lexicon`` or ``models/default``.

    Raises FileNotFoundError if neither the wheel nor a checkout has it.
    """
    repository = _PACKAGE.parent
    for path in (
        _PACKAGE / "shipped" / name,
        repository / name,
        repository / "data" / name,
    ):
        if path.exists():
            return path
    raise FileNotFoundError(
        f"{name!r} is neither inside the package nor beside it; the installation is incomplete: "
        "reinstall caijing-tagger"
    )


def lexicon_table(name: str) -> dict[str, Any]:
    """What a TOML table of the shipped lexicon holds, such as ``exchanges.toml``."""
    return tomllib.loads((resource_path("lexicon") / name).read_text(encoding="utf-8"))
