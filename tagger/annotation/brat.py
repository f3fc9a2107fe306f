"""brat's standoff: a folder with a ``.txt`` and an ``.ann`` file for each document.

Names, figures, triggers and fillers are ``T`` lines, events ``E`` lines with their roles (numbered
where one is filled twice: ``subject``, ``subject2``), and every event has its modality as an ``A``
line. Offsets count code points, half open. As brat does, a span that runs over a line's end is cut
there into fragments; a span with any other gap is discontinuous and is refused, as is, on the way
out, one that begins or ends with a line's end. ``annotation.conf`` lists the labels and roles.

Everything comes back: a ``.json`` file beside the text, which brat passes over, keeps what brat
does not show of the spans that stand unchanged (score, id, exact value, group) and the document's
id, title, date and metadata. Notes of the type ``Tagger`` tell an annotator ids and values and are
not read. Other notes go to ``metadata`` under ``notes``; normalisations, equivalences and other
attributes under ``brat``, line by line. Roles that are ``R`` lines are read too, and so are the
attributes ``Negation`` and ``Speculation``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tagger.annotation.brat_config import MODALITY, BratConfig
from tagger.annotation.errors import UnwritableError
from tagger.annotation.graph import Graph, Node, graph_of
from tagger.annotation.labels import Layer, label_name
from tagger.annotation.originals import original_record
from tagger.document import Document
from tagger.writers.jsonl import encode_line
from tagger.writers.wording import entity_link, quantity_value

CONFIG_FILE = "annotation.conf"
OWN_NOTE = "Tagger"
SPACE = re.compile(r"\s")
NUMBERED = re.compile(r"(.*\D)\d+")

_UNSAFE_IN_FILE_NAMES = re.compile(r"[^\w-]+")
_LONGEST_NAME = 60
# What brat takes a line apart at.
_SEPARATOR = re.compile(r"[\s:;]")


class BratWriter:
    """Writes the files of a collection into a folder, numbered so that they keep their order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._config = BratConfig()
        self._count = 0

    def write(self, document: Document) -> None:
        """Adds the files of one document. Raises UnwritableError for what brat cannot hold."""
        graph = graph_of(document)
        try:
            text = document.text.encode("utf-8")
            lines = "".join(f"{line}\n" for line in _lines(document, graph)).encode("utf-8")
        except UnicodeEncodeError as error:
            raise UnwritableError(
                f"a lone surrogate, which UTF-8 cannot hold, at character {error.start:,}",
                "mend the text",
            ) from error
        self._config.add(graph)
        self._count += 1
        name = _UNSAFE_IN_FILE_NAMES.sub("_", document.id)[:_LONGEST_NAME].strip("_")
        stem = f"{self._count:06}-{name}" if name else f"{self._count:06}"
        files = {"txt": text, "ann": lines, "json": encode_line(original_record(document))}
        for suffix, content in files.items():
            (self._folder / f"{stem}.{suffix}").write_bytes(content)

    def close(self) -> None:
        """Writes ``annotation.conf``, with the labels of all documents."""
        (self._folder / CONFIG_FILE).write_text(self._config.to_text(), encoding="utf-8")


def _lines(document: Document, graph: Graph) -> Iterator[str]:
    for index, node in enumerate(graph.nodes, 1):
        name = _checked(label_name(node.layer, node.label))
        pieces = fragments(graph.text, node)
        places = ";".join(f"{start} {end}" for start, end in pieces)
        written = " ".join(graph.text[start:end] for start, end in pieces)
        yield f"T{index}\t{name} {places}\t{SPACE.sub(' ', written)}"
    events = [index for index, node in enumerate(graph.nodes) if node.layer == Layer.EVENTS]
    for number, index in enumerate(events, 1):
        node = graph.nodes[index]
        roles = "".join(f" {role}:T{filler + 1}" for role, filler in _roles(graph, index))
        yield f"E{number}\t{label_name(node.layer, node.label)}:T{index + 1}{roles}"
        yield f"A{number}\t{MODALITY} E{number} {node.modality}"
    for number, (index, note) in enumerate(_notes(document), 1):
        yield f"#{number}\t{OWN_NOTE} T{index + 1}\t{SPACE.sub(' ', note)}"


def fragments(text: str, node: Node) -> list[tuple[int, int]]:
    """The parts of a span on each of its lines, without the line feeds between them.

    Raises UnwritableError for a span that begins or ends with a line feed.
    """
    lines = text[node.start : node.end].split("\n")
    if not lines[0] or not lines[-1]:
        raise UnwritableError(
            f"{node.label} [{node.start}, {node.end}) begins or ends with a line's end, which brat "
            "cannot hold",
            "shorten the span",
        )
    pieces = []
    start = node.start
    for line in lines:
        if line:
            pieces.append((start, start + len(line)))
        start += len(line) + 1
    return pieces


def _roles(graph: Graph, event: int) -> Iterator[tuple[str, int]]:
    """The roles of an event, numbered from the second filler of one, with the index of each."""
    edges = [edge for edge in graph.edges or () if edge.event == event]
    roles = {edge.role for edge in edges}
    filled: Counter[str] = Counter()
    for edge in edges:
        numbered = NUMBERED.fullmatch(edge.role)
        if numbered and numbered[1] in roles:
            raise UnwritableError(
                f"beside the role {numbered[1]!r}, brat takes {edge.role!r} for the same role",
                "rename it",
            )
        filled[edge.role] += 1
        count = filled[edge.role]
        yield _checked(edge.role) + (str(count) if count > 1 else ""), edge.filler


def _checked(name: str) -> str:
    if _SEPARATOR.search(name):
        raise UnwritableError(
            f"brat cannot hold the name {name!r}", "rename it without spaces, : and ;"
        )
    return name


def _notes(document: Document) -> Iterator[tuple[int, str]]:
    """What an annotator may want to know of names and figures, with the index of each node."""
    notes = [entity_link(each) for each in document.entities]
    notes += [quantity_value(each) for each in document.quantities]
    return ((index, note) for index, note in enumerate(notes) if note)
