"""The demonstration's comments, reviewed by rule: they are made up, so what they speak of is known.

A real comment is read by a person. Here a comment made of the shipped sentences, which name nobody, may be
quoted; the hostile ones are not used; and some are left for whoever tries the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sqlmodel import Session

from analysis.identifiers import certain
from analysis.synthetic.comments import Comments, read_comments
from questionnaires.model import Questionnaire
from survey_app.services import comments
from survey_app.services.comments import Decision
from survey_app.store import comments as store
from survey_app.tables import CommentCoding, CommentReview, Wave

LEFT_TO_REVIEW = 40  # comments on each question that nobody has reviewed yet

THEMES: dict[str, tuple[str, str]] = {
    "buses": ("Buses and trains", "bus trains autobus buze bas بسیں حافلات বাস"),
    "roads": (
        "Roads, pavements and parking",
        "pavement pothole parking traffic cycle străzi রাস্তা گلیاں شوارع",
    ),
    "health": ("Doctors and dentists", "doctor surgery dentist gp lekarz medic ডাক্তার ڈاکٹر الطبيب"),
    "homes": (
        "Homes and rent",
        "rent houses homes flat landlord heat czynsz mieszkania chiri ভাড়া گھر الإيجار إيجار fields",
    ),
    "safety": ("Feeling safe", "safe police lights lighting নিরাপদ"),
    "young": ("Children and young people", "teenagers young school children youth szkoł dzieci școala"),
    "green": (
        "Parks, streets and nature",
        "park river trees countryside clean fly-tipping zieleni czyste dog mess",
    ),
    "people": (
        "Neighbours and company",
        "neighbour people friendly volunteers coffee meet speak sąsiedzi vecinii প্রতিবেশীরা پڑوسی الجيران",
    ),
}
"""Title, and words of which any tells that a comment speaks of it, by code."""


def review(session: Session, wave: Wave, questionnaire: Questionnaire, *, actor: str) -> int:
    """Review the wave's made-up comments as a manager might; returns how many."""
    said = _sentences(read_comments())
    done, codings = 0, []
    for item in comments.items(questionnaire):
        for code, (title, _words) in THEMES.items():
            comments.add_theme(session, wave, item.code, code, title, actor=actor)
        ids = {theme.code: theme.id or 0 for theme in store.themes(session, wave.id or 0, item.code)}
        for text in list(store.texts(session, wave.id or 0, item.code))[LEFT_TO_REVIEW:]:
            safe = _made_of(text.text, said) and not certain(text.text)
            decision = Decision.QUOTE if safe else Decision.NOT_USED
            session.add(
                CommentReview(
                    response_id=text.response_id,
                    item=item.code,
                    wave_id=wave.id or 0,
                    decision=decision.value,
                    redacted=text.text.strip() if safe else "",
                    decided_by=actor,
                )
            )
            if safe:
                codings += [
                    CommentCoding(response_id=text.response_id, item=item.code, theme_id=ids[code])
                    for code in _themes(text.text)
                ]
            done += 1
    session.flush()  # a theme is given to a review that is there
    session.add_all(codings)
    session.flush()
    return done


def _sentences(said: Comments) -> frozenset[str]:
    return frozenset(
        chain.from_iterable(chain(*(pool.values() for pool in (said.glad, said.sorry, said.wishes))))
    )


def _made_of(text: str, sentences: frozenset[str]) -> bool:
    """Whether nothing is left of the text without the shipped sentences."""
    for sentence in sorted(sentences, key=len, reverse=True):
        text = text.replace(sentence, "")
    return not text.strip()


def _themes(text: str) -> Iterator[str]:
    folded = text.casefold()
    return (code for code, (_title, words) in THEMES.items() if any(word in folded for word in words.split()))
