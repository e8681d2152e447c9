"""When a wave takes answers: tested on the day before, on the first and last day, and the day after."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from survey_app.services import fieldwork
from survey_app.services.fieldwork import Fieldwork
from survey_app.tables import Wave


@pytest.mark.parametrize(
    ("status", "day", "expected"),
    [
        ("open", date(2026, 2, 28), Fieldwork.NOT_YET),
        ("open", date(2026, 3, 1), Fieldwork.OPEN),
        ("open", date(2026, 5, 31), Fieldwork.OPEN),
        ("open", date(2026, 6, 1), Fieldwork.CLOSED),
        ("closed", date(2026, 4, 1), Fieldwork.CLOSED),
        ("draft", date(2026, 4, 1), Fieldwork.NOT_YET),
    ],
)
def test_a_wave_is_open_from_its_first_day_to_its_last(status: str, day: date, expected: Fieldwork) -> None:
    wave = Wave(status=status, opens_on=date(2026, 3, 1), closes_on=date(2026, 5, 31))
    assert fieldwork.of(wave, day) is expected


def test_the_day_is_the_one_in_england() -> None:
    assert fieldwork.today(datetime(2026, 5, 31, 23, 30, tzinfo=UTC)) == date(2026, 6, 1)  # summer time
    assert fieldwork.today(datetime(2026, 1, 31, 23, 30, tzinfo=UTC)) == date(2026, 1, 31)
