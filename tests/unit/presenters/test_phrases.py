"""Numbers and names in words."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from survey_app.presenters import phrases
from tests.releases import INDICATORS, MILL, figure, hidden

BY_CODE = {indicator.code: indicator for indicator in INDICATORS}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "hardly anyone"),
        (0.9, "hardly anyone"),
        (1, "about 1 in 100"),
        (2, "about 1 in 50"),
        (5, "about 1 in 20"),
        (12, "about 1 in 10"),
        (33, "about 1 in 3"),
        (38, "about 4 in 10"),
        (50, "about half"),
        (66, "about 2 in 3"),
        (76, "about 3 in 4"),
        (98, "about 19 in 20"),
        (99, "nearly everyone"),
        (100, "nearly everyone"),
    ],
)
def test_a_percentage_is_also_a_share_to_picture(value: float, said: str) -> None:
    assert phrases.share(value) == said


def test_every_share_is_within_five_points_of_what_it_stands_for() -> None:
    for value in range(1, 99):
        nearest = min(abs(100 * part / total - value) for part, total in phrases.SHARES)
        assert nearest <= 5, value


@pytest.mark.parametrize(
    ("indicator", "value", "said"),
    [
        ("safe", 38.0, "38% (30 to 46)"),
        ("life", 7.0, "7.0 out of 10 (6.7 to 7.3)"),
    ],
)
def test_a_value_never_comes_without_its_interval(indicator: str, value: float, said: str) -> None:
    assert phrases.value_and_interval(BY_CODE[indicator], figure(MILL, indicator, value, 5.0, 2)) == said


def test_a_hidden_figure_has_no_value_to_say() -> None:
    with pytest.raises(ValueError, match="not shown"):
        phrases.value_and_interval(BY_CODE["safe"], hidden(MILL, "safe"))
    with pytest.raises(ValueError, match="no score"):
        phrases.score_and_interval(hidden(MILL, "safe"))


def test_a_national_percentage_keeps_its_decimal() -> None:
    assert phrases.measured(BY_CODE["safe"], 13.5, national=True) == "13.5%"
    assert phrases.measured(BY_CODE["jobs"], 18.25, national=True) == "18.2 minutes"


def test_a_unit_nobody_has_a_sentence_for_is_still_said() -> None:
    from dataclasses import replace

    assert phrases.measured(replace(BY_CODE["life"], unit="µg/m³"), 9.0) == "9.0 µg/m³"


@pytest.mark.parametrize(
    ("opened", "closed", "said"),
    [
        ("2026-03-02", "2026-03-31", "March 2026"),
        ("2026-03-02", "2026-05-31", "March–May 2026"),
        ("2025-11-02", "2026-01-31", "November 2025–January 2026"),
    ],
)
def test_a_period_is_said_to_the_month(opened: str, closed: str, said: str) -> None:
    bare = phrases.period(opened, closed)
    assert "".join(c for c in bare if not c.isspace() or c == " ").replace(" – ", "–") == said


def test_names_in_a_sentence_are_escaped_once() -> None:
    joined = phrases.listed(["Castle & Moat", Markup("<b>safe</b>"), "Quay"])
    assert joined == "Castle &amp; Moat, <b>safe</b> and Quay"
    assert phrases.sentence("In %(place)s, %(names)s.", place="A<B", names=joined) == (
        "In A&lt;B, Castle &amp; Moat, <b>safe</b> and Quay."
    )


def test_a_level_has_a_name_also_when_it_is_new_to_us() -> None:
    assert phrases.level("ward", many=True) == "Wards"
    assert phrases.level("parish") == "Parish"
