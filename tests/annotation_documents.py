"""Documents as annotators and taggers make them, drawn by hypothesis: valid, and as odd as allowed.

Spans of one layer do not overlap and stand in order of place; two event types may share a trigger;
events share arguments; an argument may be no entity, and one on an entity may not name it.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from tagger.annotation.partial import with_layers
from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, GRAINS, MODALITIES, QUANTITY_LABELS, ROLES

Place = tuple[int, int]

# What formats stumble over: pairs of UTF-16 units, combining marks, every kind of line end and
# space, and the characters that some format takes for its own.
_ODD = "😀𠮷e\u0301\u200d\r\n\t \u3000\x0b\x85\u2028\ufeff\0\"'\\#|;:-_/<>&{}，。"
_ANY = st.characters(exclude_categories=["Cs"])
_CHARACTERS = st.sampled_from("星河矿业公司拟减持比特币3.5%A") | st.sampled_from(_ODD) | _ANY

texts = st.text(_CHARACTERS, min_size=8, max_size=40) | st.text(_CHARACTERS, max_size=2)
_names = st.text(_ANY, min_size=1, max_size=6)
_scores = st.integers(0, 10_000).map(lambda each: each / 10_000)
_times = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)).flatmap(
    lambda each: st.sampled_from([each, each.replace(tzinfo=timezone(timedelta(hours=8)))])
)
_numbers = st.decimals(-(10**12), 10**12, allow_nan=False, places=3) | st.builds(
    Fraction, st.integers(1, 9).map(lambda each: 3 * each + 1), st.just(3)
)
_metadata = st.dictionaries(
    st.sampled_from(["author", "url", "备注", "tags"]),
    st.text(_ANY, max_size=5) | st.integers(-9, 9) | st.booleans() | st.lists(st.text(max_size=3)),
    max_size=3,
)

# Labels of a user's own beside the schema's; MONEY is a label of two layers.
entity_labels = st.sampled_from([*ENTITY_LABELS, "PRODUCT", "MONEY", "argument"])
quantity_labels = st.sampled_from([*QUANTITY_LABELS, "COMPANY", "RATE"])
event_types = st.sampled_from([*EVENT_TYPES, "merger_talks", "COMPANY", "重组"])
roles = st.sampled_from([*ROLES, "buyer", "角色"])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A valid document."""
    text = draw(texts)
    title = draw(st.none() | st.text(_ANY, max_size=5))
    document = Document(
        text=text,
        id=draw(st.text(_ANY, max_size=8)),
        title=title,
        body_start=0 if title is None else draw(st.integers(0, len(text))),
        published=draw(st.none() | _times),
        source=draw(st.none() | _names),
        metadata=draw(_metadata),
        model=draw(st.none() | st.just("default 1.1")),
    )
    document.entities = [_entity(draw, text, place) for place in _apart(draw, text)]
    document.quantities = [_quantity(draw, text, place) for place in _apart(draw, text)]
    for start, end in _apart(draw, text):
        for kind in draw(st.lists(event_types, min_size=1, max_size=2, unique=True)):
            document.events.append(
                Event(
                    start,
                    end,
                    text[start:end],
                    kind,
                    draw(_scores),
                    draw(st.sampled_from(list(MODALITIES))),
                    draw(st.integers(0, 3)),
                    _arguments(draw, document),
                )
            )
    return document


@st.composite
def partly_annotated(draw: st.DrawFn) -> Document:
    """A document of which any layers may be annotated."""
    document = draw(documents())
    layers = st.sets(st.sampled_from(["entities", "quantities", "events"]), min_size=1)
    missing = draw(st.just(set()) | layers)
    for layer in missing:
        setattr(document, layer, [])
    for event in document.events:
        for argument in event.arguments:
            argument.entity = None if "entities" in missing else argument.entity
            argument.quantity = None if "quantities" in missing else argument.quantity
    return with_layers(document, {"entities", "quantities", "events"} - missing)


def _apart(draw: st.DrawFn, text: str) -> list[Place]:
    """Spans that do not overlap and, as in any annotation, neither begin nor end with a line."""
    least = 4 if len(text) > 4 else 0
    edges = sorted(draw(st.sets(st.integers(0, len(text)), min_size=least, max_size=8)))
    places = zip(edges[::2], edges[1::2], strict=False)
    return [(start, end) for start, end in places if "\n" not in (text[start], text[end - 1])]


def _entity(draw: st.DrawFn, text: str, place: Place) -> Entity:
    start, end = place
    canonical, id = draw(st.none() | _names), draw(st.none() | st.just("NYSE:XHKY"))
    return Entity(start, end, text[start:end], draw(entity_labels), draw(_scores), canonical, id)


def _quantity(draw: st.DrawFn, text: str, place: Place) -> Quantity:
    start, end = place
    return Quantity(
        start,
        end,
        text[start:end],
        draw(quantity_labels),
        value=draw(st.none() | _numbers),
        unit=draw(st.none() | st.just("USD")),
        low=draw(st.none() | st.just(Decimal("0.10"))),
        low_inclusive=draw(st.none() | st.booleans()),
        start_time=draw(st.none() | _times),
        grain=draw(st.none() | st.sampled_from(GRAINS)),
    )


def _arguments(draw: st.DrawFn, document: Document) -> list[Argument]:
    """Arguments in any order, of which those on an entity or a quantity mostly name it."""
    text = document.text
    named = [(each.start, each.end) for each in (*document.entities, *document.quantities)]
    found = _apart(draw, text)
    near = st.sampled_from(named or found) | st.sampled_from(found or named)
    places = draw(st.lists(near, max_size=5)) if named or found else []
    arguments = {}
    for start, end in places:
        role = draw(roles)
        argument = Argument(role, start, end, text[start:end], draw(_scores))
        if draw(st.integers(0, 2)):
            argument.entity = _index(document.entities, (start, end))
            if argument.entity is None:
                argument.quantity = _index(document.quantities, (start, end))
        arguments[role, start, end] = argument
    return list(arguments.values())


def _index(spans: list[Entity] | list[Quantity], place: Place) -> int | None:
    places = [(each.start, each.end) for each in spans]
    return places.index(place) if place in places else None
