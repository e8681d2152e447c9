"""What a check yields, and the shapes of names that every check uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from questionnaires.framework import Domain, Headline, Indicator, SubDomain
from questionnaires.model import Grid, Item, Score, Section
from questionnaires.problems import ProblemCode

CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")  # no `__`: it separates the column of an option
ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault at a key of a parsed object."""

    at: object
    key: str
    code: ProblemCode
    cause: str
    remedy: str


def matches(at: object, key: str, text: str, pattern: re.Pattern[str], like: str) -> Iterator[Finding]:
    if text and not pattern.fullmatch(text):
        yield Finding(at, key, ProblemCode.BAD_CODE, f"'{text}' cannot be used here.", f"Write {like}.")


Coded = Item | Grid | Score | Section | Headline | Domain | SubDomain | Indicator


def coded(things: Sequence[Coded], what: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for thing in things:
        yield from matches(thing, "code", thing.code, CODE, "lower-case words joined by '_', like life_sat")
        if thing.code and thing.code in seen:
            yield Finding(
                thing,
                "code",
                ProblemCode.DUPLICATE_CODE,
                f"Another {what} has the code '{thing.code}'.",
                "Give each its own code.",
            )
        seen.add(thing.code)


def listed(codes: tuple[int, ...]) -> str:
    shown = ", ".join(str(code) for code in codes[:20])
    return f"{shown} ... {codes[-1]}" if len(codes) > 20 else shown
