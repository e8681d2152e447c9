"""What a translators' file would change in a sheet, and everything that stands in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from questionnaires.catalogue import State
from questionnaires.exchange.problems import ExchangeProblem, ExchangeRefusedError
from questionnaires.exchange.sheet import Entry, Key, Sheet, faults

Changes = dict[Key, tuple[tuple[str, ...], State]]


def changes(brought: Sheet, held: Sheet, place: str) -> Changes:
    """Texts and states that differ from those held. A message without a text changes nothing.

    Raises ExchangeRefusedError with every problem: a message that is not known, or whose English has changed
    since the export; placeholders or plural forms that are not right; a message given twice.
    """
    by_context: dict[str, list[Entry]] = {}
    for entry in held.entries:
        by_context.setdefault(entry.context, []).append(entry)
    problems = [
        problem
        for entry in brought.entries
        if any(entry.texts)
        for problem in _problems(entry, held, by_context, f"{place}: {named(entry)}")
    ]
    twice = [key for key, times in Counter(entry.key for entry in brought.entries).items() if times > 1]
    problems += [
        ExchangeProblem(f"{place}: {key[0] or key[1]!r}", "The file gives it more than once.", "Leave one.")
        for key in twice
    ]
    if problems:
        raise ExchangeRefusedError(problems)
    found: Changes = {}
    for entry in brought.entries:
        before = held.find(entry.key)
        if before is not None and any(entry.texts) and _differs(entry, before):
            found[entry.key] = (entry.texts, entry.state)
    return found


def named(entry: Entry) -> str:
    """A message as a person finds it: by its context, or by the start of its English."""
    return entry.context or repr(entry.text if len(entry.text) <= 60 else f"{entry.text[:57]}...")


def _differs(entry: Entry, before: Entry) -> bool:
    return not before.translated or (entry.texts, entry.state) != (before.texts, before.state)


def _problems(
    entry: Entry, held: Sheet, by_context: Mapping[str, list[Entry]], place: str
) -> Iterator[ExchangeProblem]:
    before = held.find(entry.key)
    if before is None:
        if entry.context and (now := by_context.get(entry.context)):
            yield ExchangeProblem(
                place,
                f"The English has changed since the export: it was {entry.text!r}, and is {now[0].text!r}.",
                "Export again, and translate the text as it is now.",
            )
        else:
            yield ExchangeProblem(
                place,
                f"{held.source} has no such message: it was taken out, or its English has changed.",
                "Take it out of the file, or export again.",
            )
        return
    if entry.plural and entry.plural != before.plural:
        yield ExchangeProblem(
            place,
            f"The English for many has changed since the export: it is {before.plural!r}.",
            "Export again, and translate the text as it is now.",
        )
    for fault in faults(before, entry.texts, held):
        yield ExchangeProblem(place, fault.cause, fault.remedy)
