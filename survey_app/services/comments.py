"""Comments: a survey manager reads what people wrote, takes out who they are, and says what may be used.

A reviewer sees the text, its language and what may identify someone in it, and nothing else of the person:
no place, no time, no other answer, not even the response's id. A comment is named by a keyed hash.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from analysis.identifiers import Places, Span, certain, suggestions
from questionnaires.kinds import KINDS
from questionnaires.model import Item, Questionnaire
from survey_app.services import audit
from survey_app.services.keyed_hash import keyed_hash
from survey_app.store import areas, responses
from survey_app.store import comments as store
from survey_app.store.comments import Text
from survey_app.tables import CommentReview, CommentTheme, Wave
from survey_app.tables.base import now

TEXT_KINDS = ("long_text", "short_text")
AT_ONCE = 5  # comments on a page
LONGEST = 20_000
LONGEST_TITLE = 80
THEME_CODE = re.compile(r"[a-z][a-z0-9-]{0,31}")


class Decision(StrEnum):
    """What a comment may be used for. It counts in themes under the first two."""

    QUOTE = "quote"
    THEMES = "themes"
    NOT_USED = "not-used"


class Reason(StrEnum):
    """Why a decision, or a theme, is refused."""

    EMPTY = "empty"  # nothing is left to quote
    TOO_LONG = "too-long"
    IDENTIFIER = "identifier"  # a certain identifier is still there
    UNKNOWN_THEME = "unknown-theme"
    BAD_CODE = "bad-code"
    CODE_TAKEN = "code-taken"
    NO_TITLE = "no-title"
    IN_USE = "in-use"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason. `span`: where in the text, for an identifier."""

    reason: Reason
    span: Span | None = None


class RefusedError(Exception):
    """What was asked cannot be done; `problems` says every reason. Never holds the text."""

    def __init__(self, *problems: Problem):
        self.problems = problems
        super().__init__(", ".join(problem.reason for problem in problems))


class GoneError(Exception):
    """There is no such comment (any more): it was withdrawn or left out."""


class ChangedError(Exception):
    """Someone else has decided about it since it was shown."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer decides. `text`: to be quoted; read for QUOTE only. `seen`: the revision they saw."""

    decision: Decision
    text: str = ""
    themes: frozenset[str] = frozenset()
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """A comment to decide on, or decided on. spans: what may identify someone in `text`."""

    key: str
    text: str
    language: str
    spans: tuple[Span, ...]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Queue:
    """A few comments on one item. waiting, decided: of all of them; pages: of those that are shown."""

    cases: tuple[Case, ...]
    waiting: int
    decided: int
    page: int
    pages: int


def items(questionnaire: Questionnaire) -> list[Item]:
    """The items that people answer in words of their own."""
    return [item for item in questionnaire.items() if item.kind in TEXT_KINDS]


def queue(
    session: Session, wave: Wave, item: str, secret: str, *, decided: bool = False, page: int = 1
) -> Queue:
    """One page of the comments that wait, or of those decided on. Pages count from 1."""
    wave_id = wave.id or 0
    reviews = store.reviews(session, wave_id, item)
    shown: list[Text] = []
    counts = {False: 0, True: 0}
    for text in store.texts(session, wave_id, item):
        known = text.response_id in reviews
        counts[known] += 1
        if known == decided:
            shown.append(text)
    pages = max(1, -(-len(shown) // AT_ONCE))
    page = min(max(page, 1), pages)
    themes = store.codings(session, wave_id, item)
    places = known_places(session)
    cases = tuple(
        Case(
            key=_key(text.response_id, item, secret),
            text=text.text,
            language=text.language,
            spans=suggestions(text.text, places),
            verdict=_verdict(reviews.get(text.response_id), themes.get(text.response_id, set())),
        )
        for text in shown[(page - 1) * AT_ONCE : page * AT_ONCE]
    )
    return Queue(cases, counts[False], counts[True], page, pages)


def known_places(session: Session) -> Places:
    """The names and aliases of every area held."""
    return Places(name for area in areas.all_areas(session) for name in (area.name, *area.aliases))


def decide(
    session: Session, wave: Wave, item: str, key: str, verdict: Verdict, *, actor: str, secret: str
) -> None:
    """Keep what was decided about one comment. Only what is to be quoted is kept of its text.

    Raises GoneError, ChangedError, or RefusedError with every reason.
    """
    wave_id = wave.id or 0
    ids = store.response_ids(session, wave_id)
    response_id = next((found for found in ids if _key(found, item, secret) == key), None)
    # Locked, and looked at again: it may be withdrawn in this moment, and nothing of it may stay.
    response = responses.get_for_update(session, response_id) if response_id else None
    if response is None or response.status != "submitted" or not _says_something(response.answers.get(item)):
        raise GoneError(item)
    held = store.review(session, response.id, item)
    if (held.revision if held else 0) != verdict.seen:
        raise ChangedError(item)
    frame = {theme.code: theme.id or 0 for theme in store.themes(session, wave_id, item)}
    text = KINDS["long_text"].clean(verdict.text).strip() if verdict.decision is Decision.QUOTE else ""
    themes = frozenset() if verdict.decision is Decision.NOT_USED else verdict.themes
    problems = [*_problems(text, verdict.decision), *_unknown(themes, frame)]
    if problems:
        raise RefusedError(*problems)
    review = held or CommentReview(
        response_id=response.id, item=item, wave_id=wave_id, decision="", revision=0, decided_by=actor
    )
    review.decision, review.redacted = verdict.decision.value, text
    review.revision += 1
    review.decided_by, review.decided_at = actor, now()
    store.keep_review(session, review, [frame[code] for code in themes])
    audit.record(
        session,
        actor,
        "comment.review",
        f"wave:{wave.slug}",
        item=item,
        decision=verdict.decision.value,
        themes=len(themes),
    )


def add_theme(session: Session, wave: Wave, item: str, code: str, title: str, *, actor: str) -> None:
    """Add a theme to an item's coding frame. Raises RefusedError with every reason."""
    code, title = code.strip(), " ".join(title.split())
    taken = {theme.code for theme in store.themes(session, wave.id or 0, item)}
    reasons = list(_title_reasons(title))
    if not THEME_CODE.fullmatch(code):
        reasons.append(Reason.BAD_CODE)
    elif code in taken:
        reasons.append(Reason.CODE_TAKEN)
    if reasons:
        raise RefusedError(*(Problem(reason) for reason in reasons))
    store.keep_theme(session, CommentTheme(wave_id=wave.id or 0, item=item, code=code, title=title))
    _record_theme(session, wave, item, code, "theme.add", actor)


def rename_theme(session: Session, wave: Wave, item: str, code: str, title: str, *, actor: str) -> None:
    """Give a theme another title. Raises RefusedError."""
    theme, title = _theme(session, wave, item, code), " ".join(title.split())
    reasons = list(_title_reasons(title))
    if reasons:
        raise RefusedError(*(Problem(reason) for reason in reasons))
    theme.title = title
    store.keep_theme(session, theme)
    _record_theme(session, wave, item, code, "theme.rename", actor)


def remove_theme(session: Session, wave: Wave, item: str, code: str, *, actor: str) -> None:
    """Take a theme out of the frame. Raises RefusedError when a comment was given it."""
    theme = _theme(session, wave, item, code)
    if store.uses(session, wave.id or 0, item).get(code):
        raise RefusedError(Problem(Reason.IN_USE))
    store.remove_theme(session, theme)
    _record_theme(session, wave, item, code, "theme.remove", actor)


def _theme(session: Session, wave: Wave, item: str, code: str) -> CommentTheme:
    found = next((t for t in store.themes(session, wave.id or 0, item) if t.code == code), None)
    if found is None:
        raise RefusedError(Problem(Reason.UNKNOWN_THEME))
    return found


def _title_reasons(title: str) -> Iterator[Reason]:
    if not title:
        yield Reason.NO_TITLE
    elif len(title) > LONGEST_TITLE:
        yield Reason.TOO_LONG
    elif certain(title):  # it is published as it stands
        yield Reason.IDENTIFIER


def _record_theme(session: Session, wave: Wave, item: str, code: str, action: str, actor: str) -> None:
    audit.record(session, actor, action, f"wave:{wave.slug}", item=item, theme=code)


def _problems(text: str, decision: Decision) -> Iterator[Problem]:
    if decision is not Decision.QUOTE:
        return
    if not any(letter.isalnum() for letter in text):
        yield Problem(Reason.EMPTY)
    if len(text) > LONGEST:
        yield Problem(Reason.TOO_LONG)
    yield from (Problem(Reason.IDENTIFIER, span) for span in certain(text))


def _unknown(themes: Collection[str], frame: Collection[str]) -> list[Problem]:
    return [Problem(Reason.UNKNOWN_THEME)] if set(themes) - set(frame) else []


def _says_something(answer: object) -> bool:
    return isinstance(answer, str) and bool(answer.strip())


def _verdict(review: CommentReview | None, themes: Collection[str]) -> Verdict | None:
    if review is None:
        return None
    return Verdict(Decision(review.decision), review.redacted, frozenset(themes), review.revision)


def _key(response_id: str, item: str, secret: str) -> str:
    return keyed_hash("comment", f"{response_id}:{item}", secret)[:32]
