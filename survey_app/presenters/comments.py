"""Comments under review, as pages show them: the text with what may identify someone marked, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.identifiers import Span, has_capitals, masked
from questionnaires import variants
from survey_app import i18n
from survey_app.i18n import Language
from survey_app.services.comments import Case, Decision, Problem, Reason, Verdict

KINDS: Mapping[str, Callable[[], str]] = {
    "postcode": lambda: _("postcode"),
    "phone": lambda: _("phone number"),
    "email": lambda: _("email address"),
    "url": lambda: _("web address"),
    "handle": lambda: _("account"),
    "date": lambda: _("date"),
    "age": lambda: _("age"),
    "only-one": lambda: _("role that points to one person"),
    "house-number": lambda: _("house number"),
    "street": lambda: _("street"),
    "postcode-district": lambda: _("part of a postcode"),
    "place": lambda: _("place"),
    "name": lambda: _("name"),
    "number": lambda: _("number"),
}

DECISIONS: Mapping[Decision, Callable[[], str]] = {
    Decision.QUOTE: lambda: _("May be quoted, as written above"),
    Decision.THEMES: lambda: _("Counts in themes only"),
    Decision.NOT_USED: lambda: _("Not to be used"),
}

REASONS: Mapping[Reason, Callable[[], str]] = {
    Reason.EMPTY: lambda: _("Nothing is left to quote. Write what may be quoted, or choose another answer."),
    Reason.TOO_LONG: lambda: _("This is too long. Shorten it."),
    Reason.IDENTIFIER: lambda: _("A theme’s title is published, so it cannot hold a number or an address."),
    Reason.UNKNOWN_THEME: lambda: _("A theme that was ticked is no longer on the list. Look again."),
    Reason.BAD_CODE: lambda: _(
        "Write a code of small letters, digits and hyphens, as in “public-transport”."
    ),
    Reason.CODE_TAKEN: lambda: _("Another theme has this code."),
    Reason.NO_TITLE: lambda: _("Write a title."),
    Reason.IN_USE: lambda: _("Comments have been given this theme. Take it off them first."),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `kind`: what it may be, in words, "" for the rest."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Card:
    """One comment and the form beside it. `problems`: (id of the field, message)."""

    id: str
    key: str
    number: int
    language: Language
    foreign: bool
    capitals: bool
    pieces: tuple[Piece, ...]
    draft: str
    decision: str
    themes: frozenset[str]
    seen: int
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A decision that was refused, as it was sent, and why: the form shows it again."""

    key: str
    decision: str
    text: str
    themes: frozenset[str]
    problems: tuple[Problem, ...]


def cards(cases: Sequence[Case], sent: Sent | None) -> list[Card]:
    """The comments of a page. What is to be quoted begins with everything marked taken out."""
    return [_card(case, number, sent) for number, case in enumerate(cases, start=1)]


def _card(case: Case, number: int, sent: Sent | None) -> Card:
    mine = sent if sent is not None and sent.key == case.key else None
    language = i18n.language(case.language)
    english = variants.base(case.language) == "en"
    held = case.verdict or Verdict(Decision.QUOTE)
    draft = held.text or masked(case.text, case.spans, english=english)
    return Card(
        id=f"comment-{number}",
        key=case.key,
        number=number,
        language=language,
        foreign=not english,
        capitals=has_capitals(case.text),
        pieces=tuple(_pieces(case.text, case.spans)),
        draft=mine.text if mine else draft,
        decision=mine.decision if mine else (held.decision.value if case.verdict else ""),
        themes=mine.themes if mine else held.themes,
        seen=held.seen,
        problems=tuple(_problem(each, f"comment-{number}", mine.text) for each in mine.problems)
        if mine
        else (),
    )


def _pieces(text: str, spans: Sequence[Span]) -> list[Piece]:
    found, done = [], 0
    for span in spans:
        found.append(Piece(text[done : span.start], ""))
        found.append(Piece(text[span.start : span.end], KINDS[span.kind]()))
        done = span.end
    found.append(Piece(text[done:], ""))
    return [piece for piece in found if piece.text]


def _problem(problem: Problem, card: str, text: str) -> tuple[str, str]:
    if problem.reason is Reason.UNKNOWN_THEME:
        return f"{card}-themes", REASONS[problem.reason]()
    if problem.span is None:
        return f"{card}-text", REASONS[problem.reason]()
    found = text[problem.span.start : problem.span.end]
    return f"{card}-text", _(
        "Comment %(number)s still holds a %(kind)s: “%(found)s”. Take it out before it may be quoted.",
        number=card.rpartition("-")[2],
        kind=KINDS[problem.span.kind](),
        found=found,
    )


def theme_problems(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """Why a theme was refused: (id of the field, message)."""
    fields = {Reason.BAD_CODE: "code", Reason.CODE_TAKEN: "code"}
    return [(fields.get(p.reason, "title"), REASONS[p.reason]()) for p in problems]
