"""How the arguments of events go wrong: scores by event type and role, and the kinds of error.

An error is an argument that is annotated and was not found (missed) or found and not annotated
(wrong); one filler in the wrong role is two. What is right on both sides is no error.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from rich import box
from rich.table import Table

from training.examples import Example, Span
from training.scoring import Score, judged

Pairs = Iterable[tuple[Example, Example]]

# The kinds, in the order in which they are decided.
TRIGGER_MISSED = "trigger missed"
TRIGGER_SPURIOUS = "trigger spurious"
TRIGGER_BORDERS = "trigger with other borders"
EVENT_TYPE = "event type"
ROLE = "role"
OCCURRENCE = "other occurrence"
TOO_LONG = "too long"
TOO_SHORT = "too short"
OVERLAPPING = "overlapping otherwise"
OTHER_EVENT = "another event's"
MISSED = "argument missed"
SPURIOUS = "argument spurious"

_OF_THE_EVENT = frozenset({TRIGGER_MISSED, TRIGGER_SPURIOUS, TRIGGER_BORDERS, EVENT_TYPE})
_ALL = "all"
_EXAMPLES = 2
_DETAILS = 8
_CONTEXT = 12


class Argument(NamedTuple):
    """A span with its role as label, and the trigger of its event with the type as label."""

    trigger: Span
    span: Span


class ArgumentError(NamedTuple):
    """An argument that is missed, or wrong, and what the other side has in its place: an argument,
    the trigger alone where that is what differs, or None."""

    text: str
    kind: str
    missed: bool
    argument: Argument
    instead: Argument | Span | None = None

    @property
    def detail(self) -> str:
        """What of its kind: a role or an event type, or two of them, annotated → found."""
        own, other = self._label(self.argument), self._label(self.instead or self.argument)
        annotated, found = self._in_order(own, other)
        return annotated if annotated == found else f"{annotated} → {found}"

    def __str__(self) -> str:
        """What is annotated → what was found, and the argument, in 【】, and its trigger, in 〔〕,
        in their context."""
        annotated, found = self._in_order(self._said(self.argument), self._said(self.instead))
        return f"{annotated} → {found}   {_in_context(self.text, self.argument)}"

    def _in_order(self, own: str, other: str) -> tuple[str, str]:
        return (own, other) if self.missed else (other, own)

    def _label(self, each: Argument | Span) -> str:
        if isinstance(each, Span):
            return each.label
        return each.trigger.label if self.kind in _OF_THE_EVENT else each.span.label

    def _said(self, each: Argument | Span | None) -> str:
        if each is None:
            return "nothing"
        spans = [each] if isinstance(each, Span) else each
        return ", ".join(f"{span.label} {_words(self.text, span)}" for span in spans)


def argument_errors(pairs: Pairs) -> Iterator[ArgumentError]:
    """The errors of (annotated, found) pairs, each of exactly one kind: the first that holds.

    They are as many as the scores of the layer ``arguments`` have missed and wrong.
    """
    for gold, found in pairs:
        if gold.events is None:
            continue
        expected, got = _arguments(gold), _arguments(found)
        for argument in sorted(expected ^ got, key=_place):
            missed = argument in expected
            own, others, other = (expected, got, found) if missed else (got, expected, gold)
            triggers = {event.trigger for event in other.events or ()}
            if argument.trigger in triggers:
                kind, instead = _kind_of_argument(argument, missed, others - own, others, gold.text)
                yield ArgumentError(gold.text, kind, missed, argument, instead)
            else:
                kind, trigger = _kind_of_trigger(argument.trigger, missed, triggers)
                yield ArgumentError(gold.text, kind, missed, argument, trigger)


def scores_by_type(pairs: Pairs) -> dict[str, dict[str, Score]]:
    """Scores of arguments by event type and role, the commonest type first; ``all`` sums up."""
    total: defaultdict[str, defaultdict[str, Score]] = defaultdict(lambda: defaultdict(Score))
    for gold, found in pairs:
        if gold.events is None:
            continue
        for each, counted in judged(_arguments(gold), _arguments(found)):
            for kind, role in product((_ALL, each.trigger.label), (_ALL, each.span.label)):
                total[kind][role] += counted
    support = {kind: roles[_ALL].support for kind, roles in total.items()}
    return {kind: dict(total[kind]) for kind in _commonest_first(support)}


def type_table(scores: dict[str, dict[str, Score]]) -> Table:
    """F1 and support of every event type and role."""
    table = Table(
        title="arguments by event type and role: F1, support",
        title_justify="left",
        box=box.SIMPLE,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    support = {role: each.support for role, each in scores.get(_ALL, {}).items()}
    roles = _commonest_first(support)
    table.add_column("type", no_wrap=True)
    for role in roles:
        table.add_column(role, justify="right", overflow="fold")
    for kind, row in scores.items():
        cells = (f"{row[role].f1:.2f} {row[role].support}" if role in row else "" for role in roles)
        table.add_row(kind, *cells)
    return table


def kind_table(errors: Sequence[ArgumentError]) -> Table:
    """The kinds of error, the commonest first: missed, wrong, share of all, and of what."""
    table = Table(title=f"{len(errors):,} argument errors", title_justify="left")
    table.add_column("kind", no_wrap=True)
    for name in ("missed", "wrong", "share"):
        table.add_column(name, justify="right")
    table.add_column("of what, the commonest first")
    for kind, of_kind in by_kind(errors).items():
        missed = sum(each.missed for each in of_kind)
        details = Counter(each.detail for each in of_kind).most_common(_DETAILS)
        table.add_row(
            kind,
            str(missed),
            str(len(of_kind) - missed),
            f"{len(of_kind) / len(errors):.1%}",
            ", ".join(f"{detail} {count}" for detail, count in details),
        )
    return table


def by_kind(errors: Iterable[ArgumentError]) -> dict[str, list[ArgumentError]]:
    """The errors of each kind, the commonest kind first."""
    kinds: defaultdict[str, list[ArgumentError]] = defaultdict(list)
    for each in errors:
        kinds[each.kind].append(each)
    return dict(sorted(kinds.items(), key=lambda item: -len(item[1])))


def example_lines(errors: Iterable[ArgumentError]) -> Iterator[str]:
    """Two examples of every kind, from different paragraphs."""
    for kind, of_kind in by_kind(errors).items():
        yield f"{kind}:"
        firsts: dict[str, ArgumentError] = {}
        for each in of_kind:
            firsts.setdefault(each.text, each)
        yield from (f"    {each}" for each in list(firsts.values())[:_EXAMPLES])


def _commonest_first(support: dict[str, int]) -> list[str]:
    return sorted(support, key=lambda label: (label != _ALL, -support[label], label))


def _arguments(example: Example) -> set[Argument]:
    return {
        Argument(event.trigger, span) for event in example.events or () for span in event.arguments
    }


def _place(argument: Argument) -> tuple[int, int, str, int, int, str]:
    trigger, span = argument
    return trigger.start, trigger.end, trigger.label, span.start, span.end, span.label


def _kind_of_trigger(
    trigger: Span, missed: bool, triggers: Iterable[Span]
) -> tuple[str, Span | None]:
    """Why an argument's event is not there, and the trigger in the place of its own."""
    beside = max(triggers, key=lambda each: (_shared(each, trigger), each.label), default=None)
    if beside is None or not _shared(beside, trigger):
        return (TRIGGER_MISSED if missed else TRIGGER_SPURIOUS), None
    same_place = (beside.start, beside.end) == (trigger.start, trigger.end)
    return (EVENT_TYPE if same_place else TRIGGER_BORDERS), beside


def _kind_of_argument(
    argument: Argument,
    missed: bool,
    errors: Iterable[Argument],
    others: Iterable[Argument],
    text: str,
) -> tuple[str, Argument | None]:
    """How an argument of an event that is there differs from the other side's errors, else from
    all ``others`` there."""
    span = argument.span
    rivals = sorted((each for each in errors if each.trigger == argument.trigger), key=_place)
    for each in rivals:
        if (each.span.start, each.span.end) == (span.start, span.end):
            return ROLE, each
    same_role = [each for each in rivals if each.span.label == span.label]
    for each in same_role:
        if _words(text, each.span) == _words(text, span):
            return OCCURRENCE, each
    nearest = max(same_role, key=lambda each: _shared(each.span, span), default=None)
    if nearest is not None and _shared(nearest.span, span):
        gold, found = (span, nearest.span) if missed else (nearest.span, span)
        return _kind_of_borders(gold, found), nearest
    for each in sorted(others, key=_place):
        if each.span == span:
            return OTHER_EVENT, each
    return (MISSED if missed else SPURIOUS), None


def _kind_of_borders(gold: Span, found: Span) -> str:
    if found.start <= gold.start and gold.end <= found.end:
        return TOO_LONG
    if gold.start <= found.start and found.end <= gold.end:
        return TOO_SHORT
    return OVERLAPPING


def _shared(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _words(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _in_context(text: str, argument: Argument) -> str:
    """The surroundings of both spans; what is far from either is left out."""
    characters = [*text]
    for each, (left, right) in ((argument.trigger, "〔〕"), (argument.span, "【】")):
        characters[each.start] = left + characters[each.start]
        characters[each.end - 1] += right
    first, second = sorted(argument, key=lambda each: each.start)
    pieces = [(max(0, first.start - _CONTEXT), max(first.end, second.end) + _CONTEXT)]
    if second.start - first.end > 2 * _CONTEXT:
        pieces = [(pieces[0][0], first.end + _CONTEXT), (second.start - _CONTEXT, pieces[0][1])]
    return "…".join("".join(characters[a:b]) for a, b in pieces).replace("\n", " ")
