"""Puts the shipped model and the lexicon into the wheel; a checkout reads them where they lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The float16 weights serve retraining, which needs a checkout anyway.
_PATTERNS = (
    "data/lexicon/*.tsv",
    "data/lexicon/*.toml",
    "models/*/*.json",
    "models/*/*.txt",
    "models/*/*.onnx",
    "models/*/README.md",
)


class ShippedData(BuildHookInterface):  # type: ignore[misc]
    """Hatch's hook for the files that lie outside of the package in a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the files to a wheel that is to be installed elsewhere."""
        if version != "standard":
            return
        root = Path(self.root)
        for pattern in _PATTERNS:
            for path in sorted(root.glob(pattern)):
                inside = path.relative_to(root / "data" if pattern.startswith("data") else root)
                build_data["force_include"][str(path)] = f"tagger/shipped/{inside.as_posix()}"
