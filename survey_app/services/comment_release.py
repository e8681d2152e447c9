"""What a release says of comments: gathered from reviews, decided by `analysis.comments`, counts kept.

Two calls for publishing: `gather` while a release is built, `keep` in the transaction that stores it. Hours
may lie between them, in which someone takes a comment back.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from sqlmodel import Session

from analysis import comments as rules
from analysis.areas import AreaSet
from analysis.comments import Comment, ItemComments, PublishedComments, Theme
from analysis.themes import Exact
from questionnaires.model import Questionnaire
from survey_app.services import comments
from survey_app.services.comments import Decision
from survey_app.store import comments as store
from survey_app.store import releases
from survey_app.tables import Wave

if TYPE_CHECKING:
    from analysis.disclosure import Policy


class QuoteGoneError(Exception):
    """A text that a release is about to quote may not be quoted any more."""


def gather(
    session: Session,
    wave: Wave,
    questionnaire: Questionnaire,
    areas: AreaSet,
    policy: Policy,
    number: int,
    *,
    withdrawn: Collection[int] = (),
) -> PublishedComments:
    """The comments that the wave's release `number` may carry, checked against every release before it.

    withdrawn: numbers of releases that are shown no more. Its `items` go into the release. Raises
    analysis.comments.CommentsRefusedError when a reviewed text still identifies someone for certain.
    """
    wave_id = wave.id or 0
    frame = [Theme(theme.item, theme.code, theme.title) for theme in store.themes(session, wave_id)]
    items = comments.items(questionnaire)
    return rules.publishable(
        [each for item in items for each in _reviewed(session, wave_id, item.code)],
        frame,
        areas,
        wave.area_codes,
        policy,
        seed=f"{wave.slug}:{number}",
        earlier=_earlier(session, wave_id, number, withdrawn),
        questions={item.code: item.text for item in items},
    )


def keep(
    session: Session, wave: Wave, number: int, said: Collection[ItemComments], counts: Mapping[str, Exact]
) -> None:
    """Keep the exact counts beside the release that was just stored, in its transaction.

    said: what the release carries. counts: by item. Raises QuoteGoneError when anything it quotes was taken
    back, or decided about anew, since it was gathered.
    """
    wave_id = wave.id or 0
    if any(item.quotes for item in said):
        held = store.quotable(session, wave_id)
        if any((item.item, quote.text) not in held for item in said for quote in item.quotes):
            raise QuoteGoneError
    if counts:
        store.keep_counts(session, wave_id, number, as_json(counts))


def as_json(counts: Mapping[str, Exact]) -> dict[str, dict[str, dict[str, int]]]:
    """Exact counts as they are kept."""
    return {item: {theme: dict(cells) for theme, cells in themes.items()} for item, themes in counts.items()}


def _reviewed(session: Session, wave_id: int, item: str) -> Iterator[Comment]:
    reviews = store.reviews(session, wave_id, item)
    themes = store.codings(session, wave_id, item)
    for text in store.texts(session, wave_id, item):
        review = reviews.get(text.response_id)
        if review is not None and review.decision != Decision.NOT_USED:
            yield Comment(
                person=text.response_id,
                item=item,
                area=text.area_code or "",
                language=text.language,
                themes=frozenset(themes.get(text.response_id, ())),
                quote=review.redacted if review.decision == Decision.QUOTE else None,
            )


def _earlier(
    session: Session, wave_id: int, number: int, withdrawn: Collection[int]
) -> list[PublishedComments]:
    """What releases before this one carried. One from before comments were published has nothing of them."""
    exact = store.counts(session, wave_id)
    return [
        rules.read(
            json.loads(row.document).get("comments", []),
            exact.get(row.number, {}),
            withdrawn=row.number in withdrawn,
        )
        for row in releases.of_wave(session, wave_id)
        if row.number < number
    ]
