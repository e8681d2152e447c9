"""What became of releases, in words: for readers and for those who publish."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from survey_app.presenters import dates
from survey_app.services.released import Published, State


@dataclass(frozen=True, slots=True)
class Row:
    """One release. because: why it was withdrawn; empty when it was not."""

    number: int
    published: str
    state: str
    withdrawn: str  # the day; empty when it was not
    because: str


@dataclass(frozen=True, slots=True)
class WaveHistory:
    title: str
    rows: tuple[Row, ...]


def waves(held: Iterable[tuple[str, Sequence[Published]]], language: str) -> list[WaveHistory]:
    """The releases of every wave."""
    return [WaveHistory(title, tuple(rows(of_wave, language))) for title, of_wave in held]


def rows(held: Sequence[Published], language: str) -> list[Row]:
    """Releases in the order given."""
    return [
        Row(
            number=each.number,
            published=dates.local_day(each.published_at, language),
            state=_state(each, language),
            withdrawn=dates.local_day(each.withdrawn_at, language) if each.withdrawn_at else "",
            because=each.because or "",
        )
        for each in held
    ]


def _state(each: Published, language: str) -> str:
    if each.withdrawn_at is not None:
        return _("Withdrawn on %(day)s", day=dates.local_day(each.withdrawn_at, language))
    if each.state is State.SUPERSEDED:
        return _("Superseded by release %(number)s", number=each.superseded_by)
    return _("What readers see")
