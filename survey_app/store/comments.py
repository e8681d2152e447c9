"""Comments and what was decided about them: texts of one item, reviews, themes, counts of releases."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from survey_app.tables import CommentCoding, CommentCount, CommentReview, CommentTheme, Response

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Text:
    """What someone wrote. Where they live is for counting; no page shows it beside the text."""

    response_id: str
    language: str
    area_code: str | None
    text: str


def texts(session: Session, wave_id: int, item: str) -> Iterator[Text]:
    """Every submitted text of an item that says something, in the order of random ids: not as they came."""
    query = (
        select(Response.id, Response.language, Response.area_code, col(Response.answers)[item])
        .where(Response.wave_id == wave_id, Response.status == "submitted")
        .order_by(Response.id)
    )
    for response_id, language, area_code, value in session.exec(query.execution_options(yield_per=BATCH)):
        if isinstance(value, str) and value.strip():  # anything else says why there is none
            yield Text(response_id, language, area_code, value)


def response_ids(session: Session, wave_id: int) -> list[str]:
    """The ids of every submitted response of the wave."""
    query = select(Response.id).where(Response.wave_id == wave_id, Response.status == "submitted")
    return list(session.exec(query))


def reviews(session: Session, wave_id: int, item: str) -> dict[str, CommentReview]:
    """What was decided about the comments on an item, by response id."""
    query = select(CommentReview).where(CommentReview.wave_id == wave_id, CommentReview.item == item)
    return {review.response_id: review for review in session.exec(query)}


def quotable(session: Session, wave_id: int) -> set[tuple[str, str]]:
    """(item, text) of everything in the wave that may be quoted now."""
    query = (
        select(CommentReview.item, CommentReview.redacted)
        .join(Response, col(Response.id) == CommentReview.response_id)
        .where(
            CommentReview.wave_id == wave_id,
            CommentReview.decision == "quote",
            Response.status == "submitted",
        )
    )
    return set(session.exec(query).all())


def review(session: Session, response_id: str, item: str) -> CommentReview | None:
    return session.get(CommentReview, (response_id, item), populate_existing=True)


def keep_review(session: Session, held: CommentReview, theme_ids: Collection[int]) -> None:
    """Store what was decided, with these themes in place of any before."""
    session.add(held)
    session.flush()
    mine = (col(CommentCoding.response_id) == held.response_id, col(CommentCoding.item) == held.item)
    session.execute(delete(CommentCoding).where(*mine))
    for theme_id in sorted(theme_ids):
        session.add(CommentCoding(response_id=held.response_id, item=held.item, theme_id=theme_id))
    session.flush()


def codings(session: Session, wave_id: int, item: str) -> dict[str, set[str]]:
    """The codes of the themes each comment on an item speaks of, by response id."""
    query = (
        select(CommentCoding.response_id, CommentTheme.code)
        .join(CommentTheme, col(CommentTheme.id) == CommentCoding.theme_id)
        .where(CommentTheme.wave_id == wave_id, CommentCoding.item == item)
    )
    found: dict[str, set[str]] = {}
    for response_id, code in session.exec(query):
        found.setdefault(response_id, set()).add(code)
    return found


def forget_response(session: Session, response_id: str) -> None:
    """Delete every decision about a response's comments, what they were redacted to, and their themes."""
    session.execute(delete(CommentCoding).where(col(CommentCoding.response_id) == response_id))
    session.execute(delete(CommentReview).where(col(CommentReview.response_id) == response_id))


def themes(session: Session, wave_id: int, item: str | None = None) -> list[CommentTheme]:
    """The coding frame of an item, or of every item of the wave, by title."""
    query = select(CommentTheme).where(CommentTheme.wave_id == wave_id)
    if item is not None:
        query = query.where(CommentTheme.item == item)
    return list(session.exec(query.order_by(CommentTheme.item, CommentTheme.title, CommentTheme.code)))


def keep_theme(session: Session, theme: CommentTheme) -> None:
    session.add(theme)
    session.flush()


def uses(session: Session, wave_id: int, item: str) -> dict[str, int]:
    """How many comments each theme of an item was given to, by code; those given to none are left out."""
    query = (
        select(CommentTheme.code, func.count())
        .join(CommentCoding, col(CommentCoding.theme_id) == CommentTheme.id)
        .where(CommentTheme.wave_id == wave_id, CommentTheme.item == item)
    )
    return dict(session.exec(query.group_by(CommentTheme.code)).all())


def remove_theme(session: Session, theme: CommentTheme) -> None:
    session.delete(theme)
    session.flush()


def counts(session: Session, wave_id: int) -> dict[int, dict[str, dict[str, dict[str, int]]]]:
    """The exact counts that releases of the wave rest on, by number, item, theme and area."""
    query = select(CommentCount.number, CommentCount.exact).where(CommentCount.wave_id == wave_id)
    return dict(session.exec(query.order_by(col(CommentCount.number))).all())


def keep_counts(
    session: Session, wave_id: int, number: int, exact: dict[str, dict[str, dict[str, int]]]
) -> None:
    session.add(CommentCount(wave_id=wave_id, number=number, exact=exact))
    session.flush()
