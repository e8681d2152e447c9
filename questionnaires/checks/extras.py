"""What items carry besides their question: computed values, glossary terms, options' extras, media, order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from questionnaires.checks.findings import CODE, Finding, listed, matches
from questionnaires.conditions import items_read
from questionnaires.kinds import KINDS
from questionnaires.model import Compute, ComputeMethod, Item, MediaKind, Order, Questionnaire
from questionnaires.parsing.fields import did_you_mean
from questionnaires.problems import ProblemCode

SAYS_WHAT = frozenset({"single_choice", "multiple_choice", "place"})
SUFFIXES: Mapping[MediaKind, tuple[str, ...]] = {
    MediaKind.IMAGE: ("png", "jpg", "jpeg", "webp", "svg"),
    MediaKind.AUDIO: ("mp3", "m4a", "ogg"),
    MediaKind.BSL: ("mp4", "webm"),
}
FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


def _computed(q: Questionnaire) -> Iterator[Finding]:
    known = {item.code: item for item in q.items()}
    made_of = {item.code: _made_of(item.compute) for item in q.items() if item.compute is not None}
    earlier: set[str] = set()
    for item in q.items():
        compute = item.compute
        if compute is not None:
            if _leads_back(item.code, made_of):
                yield Finding(
                    compute,
                    "compute",
                    ProblemCode.LOOP,
                    f"The value of '{item.code}' is made of itself, by way of what it reads.",
                    "Compute it from items that people answer.",
                )
            else:
                for code in compute.items:
                    yield from _computed_of(compute, code, known, earlier)
        earlier.add(item.code)


def _made_of(compute: Compute) -> set[str]:
    return set(compute.items) | {code for case in compute.cases for code in items_read(case.when)}


def _leads_back(start: str, made_of: Mapping[str, set[str]]) -> bool:
    seen: set[str] = set()
    ahead = list(made_of[start])
    while ahead:
        code = ahead.pop()
        if code == start:
            return True
        if code not in seen:
            seen.add(code)
            ahead += made_of.get(code, ())
    return False


def _computed_of(compute: Compute, code: str, known: dict[str, Item], earlier: set[str]) -> Iterator[Finding]:
    key, item = compute.method.value, known.get(code)
    if item is None:
        remedy = did_you_mean(code, list(known))
        yield Finding(compute, key, ProblemCode.UNKNOWN_ITEM, f"There is no item '{code}'.", remedy)
        return
    if code not in earlier:
        yield Finding(
            compute,
            key,
            ProblemCode.LATER_ITEM,
            f"'{code}' does not come before this, so its answer is not known yet.",
            "Move this after it.",
        )
    kind = KINDS.get(item.kind)
    if kind is None:
        return
    countable = compute.method is ComputeMethod.COUNT
    possible = kind.codes(item)
    if not possible or (kind.many and not countable):
        yield Finding(
            compute,
            key,
            ProblemCode.BAD_COMPUTE,
            f"The answer of '{code}' is not a whole number.",
            "Use whole numbers, scales or items with one answer; count can read any item with codes.",
        )
        return
    for number in compute.codes:
        if number not in possible:
            yield Finding(
                compute,
                "codes",
                ProblemCode.UNKNOWN_OPTION,
                f"'{code}' has no answer {number}.",
                f"Its answers are: {listed(possible)}.",
            )


def _glossary(q: Questionnaire) -> Iterator[Finding]:
    known: list[str] = []
    for term in q.glossary:
        yield from matches(term, "code", term.code, CODE, "lower-case words joined by '_', like fuel_poverty")
        if term.code in known:
            yield Finding(
                term,
                "term",
                ProblemCode.DUPLICATE_CODE,
                f"Another term has the code '{term.code}'.",
                "Explain each word once, or give it a 'code' of its own.",
            )
        known.append(term.code)
    for item in q.items():
        for code in item.grid.define if item.grid else item.define:
            if code not in known:
                yield Finding(
                    item.grid or item,
                    "define",
                    ProblemCode.UNKNOWN_TERM,
                    f"The glossary does not explain '{code}'.",
                    did_you_mean(code, known) if known else "Add a 'glossary' with the term and its text.",
                )


def _options(q: Questionnaire) -> Iterator[Finding]:
    for item in q.items():
        kind = KINDS.get(item.kind)
        if item.order == Order.RANDOM and kind and "order" in kind.allowed and not kind.randomises:
            yield Finding(
                item,
                "order",
                ProblemCode.BAD_OPTIONS,
                "These options stand in an order that carries meaning, so it cannot be random.",
                "Remove 'order', or use kind: single_choice.",
            )
        says_what = [option for option in item.options if option.say_what]
        for option in says_what[1:] if item.kind in SAYS_WHAT else says_what:
            yield Finding(
                option,
                "say_what",
                ProblemCode.BAD_OPTIONS,
                "Only one option can open a box to say what, in a single or multiple choice or a place.",
                "Remove 'say_what'.",
            )
        for option in item.options:
            if option.group and item.kind != "place":
                yield Finding(
                    option,
                    "group",
                    ProblemCode.BAD_OPTIONS,
                    "Only the options of a place stand in groups.",
                    "Remove 'group', or use kind: place.",
                )
            if option.fixed and item.order != Order.RANDOM:
                yield Finding(
                    option,
                    "fixed",
                    ProblemCode.BAD_OPTIONS,
                    "The options are shown as they are written, so 'fixed' says nothing.",
                    "Remove it, or write 'order: random' on the item.",
                )


def _media(q: Questionnaire) -> Iterator[Finding]:
    """Names of media files. Whether the files are there, `loading` says: it knows where."""
    for item in q.items():
        for media in (*item.media, *(item.grid.media if item.grid else ())):
            suffixes = SUFFIXES[media.kind]
            if not media.file:
                continue
            if not FILE.fullmatch(media.file) or media.file.rpartition(".")[2].lower() not in suffixes:
                yield Finding(
                    media,
                    "file",
                    ProblemCode.BAD_MEDIA,
                    f"'{media.file}' cannot be used as the {media.kind.value} of a question.",
                    f"Use letters, digits, '-' and '_', ending in: {', '.join(suffixes)}.",
                )


CHECKS: tuple[Callable[[Questionnaire], Iterator[Finding]], ...] = (_computed, _glossary, _options, _media)
