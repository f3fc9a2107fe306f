"""Tables that translate a corpus's labels, event types and roles into others, such as the schema's.

A table is TOML: ``[entities]``, ``[events]``, ``[roles]`` and, for the roles of one type,
``[roles_of."TYPE"]``, which comes before ``[roles]``. A name that maps to an empty string is left
out. A name of the schema may stand in the corpus already; any other that the table does not hold is
a fault.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from tagger.schema import ENTITY_LABELS, EVENT_TYPES, ROLES
from training.examples import AnnotatedEvent, Example, Findings, Span

_TABLES = Path(__file__).parent / "tables"
SHIPPED = ("duee-fin", "fewfc")


@dataclass(frozen=True)
class LabelMap:
    """What each name becomes; ``roles_of`` is by event type."""

    source: str
    entities: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    roles_of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, name: str) -> LabelMap:
        """A table of the project by name, or a TOML file. Raises ValueError naming the fault."""
        path = _TABLES / f"{name}.toml" if name in SHIPPED else Path(name)
        if not path.is_file():
            raise ValueError(
                f"--map-labels {name}: no such file; the tables of this project are "
                f"{', '.join(SHIPPED)}"
            )
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"{path}: {error}") from error
        known = [each.name for each in fields(cls)][1:]
        for table, content in tables.items():
            if table not in known:
                raise ValueError(f"{path}: unknown table {table!r}; known: {', '.join(known)}")
            of_types = table == "roles_of" and isinstance(content, dict)
            rows = content.values() if of_types else [content]
            if not all(
                isinstance(row, dict) and all(isinstance(each, str) for each in row.values())
                for row in rows
            ):
                raise ValueError(f"{path}: [{table}] maps names to strings, and to nothing else")
        return cls(str(path), **tables)

    def __call__(self, example: Example, findings: Findings) -> Example:
        """The example with its names translated; what is left out, and what is missing from the
        table, is noted."""
        text, entities, events = example.text, example.entities, example.events
        if entities is not None:
            names = [
                self._renamed(span, text, self.entities, ENTITY_LABELS, "entities", findings)
                for span in entities
            ]
            entities = tuple(span for span in names if span is not None)
        if events is not None:
            translated = [self._event(event, text, findings) for event in events]
            events = tuple(event for event in translated if event is not None)
        return replace(example, entities=entities, events=events)

    def _event(self, event: AnnotatedEvent, text: str, findings: Findings) -> AnnotatedEvent | None:
        trigger = self._renamed(event.trigger, text, self.events, EVENT_TYPES, "events", findings)
        roles = {**self.roles, **self.roles_of.get(event.trigger.label, {})}
        arguments = [
            self._renamed(span, text, roles, ROLES, "roles", findings)
            for span in (event.arguments if trigger is not None else ())
        ]
        if trigger is None:
            return None
        kept = dict.fromkeys(span for span in arguments if span is not None)
        return AnnotatedEvent(trigger, tuple(kept))

    def _renamed(
        self,
        span: Span,
        text: str,
        names: Mapping[str, str],
        schema: Mapping[str, str],
        table: str,
        findings: Findings,
    ) -> Span | None:
        label = names.get(span.label, span.label if span.label in schema else None)
        if label:
            return replace(span, label=label)
        said = f"{span.label} {text[span.start : span.end]!r} [{span.start}, {span.end})"
        if label is None:
            findings.fault(
                f"{said}: no {span.label!r} in [{table}] of {self.source}",
                'add it, or write = "" to leave it out',
            )
        else:
            findings.leave_out(said, f"{Path(self.source).name} leaves {span.label} out")
        return None
