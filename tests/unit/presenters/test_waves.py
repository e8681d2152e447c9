"""How a wave is going, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from survey_app.presenters import waves
from survey_app.presenters.waves import AS_EXPECTED, NOT_KNOWN, OVER_REPRESENTED, TOO_EARLY, UNDER_REPRESENTED
from survey_app.services.progress import District, Progress
from survey_app.store.releases import ReleaseRow
from survey_app.tables import Wave

TODAY = date(2026, 4, 1)


def district(answers: int, share: float | None, expected: float | None, name: str = "Northfield") -> District:
    return District(
        code=name[:1],
        name=name,
        answers=answers,
        people=None if expected is None else expected * 1000,
        share=share,
        expected=expected,
    )


def progress(**changes: Any) -> Progress:
    wave = Wave(
        slug="spring",
        title="Spring",
        questionnaire_id="small",
        questionnaire_version="1",
        status="open",
        opens_on=date(2026, 3, 2),
        closes_on=date(2026, 4, 26),
        languages=["en", "ur"],
    )
    made = Progress(
        wave=wave,
        answers={"paper": 4, "web": 396},
        unfinished=7,
        placed=390,
        districts=(district(351, 0.9, 0.5), district(39, 0.1, 0.5, "Southmere")),
        latest=None,
        areas_agree=True,
    )
    return replace(made, **changes)


def card(made: Progress) -> waves.WaveCard:
    return waves.cards([made], TODAY, "en")[0]


@pytest.mark.parametrize(
    ("share", "expected", "placed", "judgement"),
    [
        (0.159, 0.2, 1000, UNDER_REPRESENTED),
        (0.16, 0.2, 1000, AS_EXPECTED),
        (0.25, 0.2, 1000, AS_EXPECTED),
        (0.251, 0.2, 1000, OVER_REPRESENTED),
        (0.0, 0.2, 150, UNDER_REPRESENTED),
        (0.0, 0.2, 149, TOO_EARLY),
        (None, 0.2, 0, TOO_EARLY),
        (0.5, None, 1000, NOT_KNOWN),
    ],
)
def test_a_district_is_judged_by_the_ratio_of_its_shares(
    share: float | None, expected: float | None, placed: int, judgement: waves.Judgement
) -> None:
    assert waves.judge(district(50, share, expected), placed) is judgement


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, "0"), (1, "fewer than 10"), (9, "fewer than 10"), (10, "10"), (1234, "1,234")],
)
def test_a_small_count_is_not_told_exactly(number: int, told: str) -> None:
    assert waves.count(number) == told


def test_a_share_does_not_give_a_small_count_away() -> None:
    few = progress(districts=(district(9, 9 / 390, 0.5), district(0, 0.0, 0.5, "Southmere")))
    first, second = card(few).rows
    assert (first.answers, first.share, first.expected) == ("fewer than 10", "–", "50%")
    assert (second.answers, second.share) == ("0", "0%")


def test_the_card_says_how_answers_came_and_where_they_are_missing() -> None:
    made = card(progress())
    assert made.total == "400"
    assert made.modes == "396 online, fewer than 10 on paper and 0 with someone’s help"
    assert made.unfinished == "fewer than 10"
    assert made.short == "Southmere"
    assert card(progress(districts=())).short == ""
    assert made.elsewhere == "10"
    assert card(progress(placed=400)).elsewhere == ""


@pytest.mark.parametrize(
    ("changes", "begins", "closed"),
    [
        ({"status": "draft"}, "Draft: not opened yet", False),
        ({"opens_on": date(2026, 4, 20)}, "Opens on 20 April 2026, until 26 April 2026", False),
        ({}, "Open: from 2 March 2026 until 26 April 2026", False),
        ({"closes_on": date(2026, 3, 31)}, "Closed: ran from 2 March 2026 until 31 March 2026", True),
        ({"status": "closed"}, "Closed", True),
    ],
)
def test_the_card_says_where_the_wave_stands(changes: dict[str, Any], begins: str, closed: bool) -> None:
    made = progress()
    for name, value in changes.items():
        setattr(made.wave, name, value)
    assert card(made).standing.startswith(begins)
    assert card(made).closed is closed


def test_the_latest_release_is_dated_by_the_day_in_england() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    row = ReleaseRow("spring", 3, "d" * 64, "command-line", late)
    assert card(progress(latest=row)).published == waves.Published(3, "1 July 2026")
    assert card(progress()).published is None
