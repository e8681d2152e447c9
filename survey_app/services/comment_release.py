"""What a release says of comments: gathered from reviews, decided by `analysis.comments`, counts kept.

Two calls for publishing: `gather` while a release is built, `keep` in the transaction that stores it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlmodel import Session

from analysis import comments as rules
from analysis.areas import AreaSet
from analysis.comments import Comment, PublishedComments, Theme
from questionnaires.model import Questionnaire
from survey_app.services import comments
from survey_app.services.comments import Decision
from survey_app.store import comments as store
from survey_app.store import releases
from survey_app.tables import Wave

if TYPE_CHECKING:
    from analysis.disclosure import Policy


def gather(
    session: Session, wave: Wave, questionnaire: Questionnaire, areas: AreaSet, policy: Policy, number: int
) -> PublishedComments:
    """The comments that the wave's release `number` may carry, checked against every earlier release.

    Its `document()` goes into the release as "comments", left out when empty. Raises
    analysis.comments.CommentsRefusedError when a reviewed text still identifies someone for certain.
    """
    wave_id = wave.id or 0
    frame = [Theme(theme.item, theme.code, theme.title) for theme in store.themes(session, wave_id)]
    return rules.publishable(
        [each for item in comments.items(questionnaire) for each in _reviewed(session, wave_id, item.code)],
        frame,
        areas,
        wave.area_codes,
        policy,
        seed=f"{wave.slug}:{number}",
        earlier=_earlier(session, wave_id),
    )


def keep(session: Session, wave: Wave, number: int, published: PublishedComments) -> None:
    """Keep the exact counts beside the release that was just stored, in its transaction."""
    exact = {
        item: {theme: dict(cells) for theme, cells in themes.items()}
        for item, themes in published.exact.items()
    }
    store.keep_counts(session, wave.id or 0, number, exact)


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


def _earlier(session: Session, wave_id: int) -> list[PublishedComments]:
    """What earlier releases carried. One from before comments were published has neither text nor counts."""
    exact = store.counts(session, wave_id)
    return [
        rules.read(json.loads(row.document).get("comments", []), exact.get(row.number, {}))
        for row in releases.of_wave(session, wave_id)
    ]
