"""What moved between two releases, and why: from the published documents alone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from analysis.difference import DifferentWavesError, InputChange, Moved, Place, difference
from analysis.release import Breakdowns, Figure, Marker, Release, from_json
from analysis.released_modes import ModesCompared
from tests.releases import FIGURES, INDICATORS, MILL, NATIONAL, NORTH, PARK, QUAY, SOUTH, figure, release

THEN = release(number=1, provenance={"snapshot": "a", "margins": "m", "code": "1", "national:ons": "n"})


def later(*figures: Figure, **changes: object) -> Release:
    """Release 2 with these figures in place of those of the first."""
    placed = {(f.area, f.indicator): f for f in figures}
    kept = [placed.pop((f.area, f.indicator), f) for f in FIGURES]
    given: dict[str, object] = {"number": 2, "figures": (*kept, *placed.values())}
    return replace(THEN, **(given | changes))  # type: ignore[arg-type]


def test_the_same_document_differs_in_nothing() -> None:
    found = difference(THEN, later())
    shown = sum(f.marker is Marker.SHOWN for f in FIGURES)
    assert not found.any
    assert (found.unchanged, found.standing, found.inputs) == (shown, 1, ())
    assert found.sentences()[-1] == "Why: nothing it is made from differs."


def test_a_figure_moves_within_or_beyond_what_the_earlier_release_said() -> None:
    within, beyond = figure(MILL, "safe", 46, 2.9, 0), figure(SOUTH, "safe", 75, 5.8, 3)
    found = difference(THEN, later(within, beyond))  # 38 (30 to 46) and 66 (58 to 74)
    assert set(found.moved) == {
        Moved(area=MILL, indicator="safe", before=38, after=46, beyond=False, redefined=False),
        Moved(area=SOUTH, indicator="safe", before=66, after=75, beyond=True, redefined=False),
    }
    assert found.beyond == 1
    assert "2 moved (1 beyond their earlier interval)" in found.sentences()[1]


def test_a_figure_appears_or_is_hidden_and_never_says_why() -> None:
    gone = Figure(area=QUAY, indicator="safe", marker=Marker.HIDDEN)
    found = difference(THEN, later(figure(PARK, "damp", 30, 5, 2), gone))
    assert found.appeared == (Place(area=PARK, indicator="damp"),)
    assert found.hidden == (Place(area=QUAY, indicator="safe"),)
    assert found.moved == ()


def test_another_score_or_grade_with_the_same_value_is_told_apart_from_a_move() -> None:
    found = difference(
        THEN, later(figure(MILL, "safe", 38, 3.4, 0), figure(NORTH, "safe", 52, 4.0, 1, base=1_840))
    )
    assert found.regraded == (Place(area=MILL, indicator="safe"),)
    assert found.moved == ()


def test_the_inputs_that_changed_are_the_reasons() -> None:
    inputs = {"snapshot": "b", "margins": "m", "code": "2", "national:imd": "x", "release:1": "d"}
    found = difference(THEN, later(provenance=inputs))
    assert [(change.name, change.how) for change in found.inputs] == [
        ("snapshot", "changed"),
        ("code", "changed"),
        ("national:imd", "added"),
        ("national:ons", "gone"),
    ]
    assert found.inputs[0] == InputChange(name="snapshot", words="the answers counted", how="changed")
    assert 'the national layer "ons" gone' in found.sentences()[-1]


def test_values_of_an_indicator_that_means_something_else_are_not_compared() -> None:
    other = tuple(replace(i, question="Another?") if i.code == "safe" else i for i in INDICATORS)
    found = difference(THEN, later(figure(MILL, "safe", 60, 2.9, 0), indicators=other))
    assert found.redefined == ("safe",)
    assert [m.redefined for m in found.moved] == [True]


def test_national_figures_and_breakdowns_that_differ_are_told() -> None:
    made = Breakdowns(number=2, groups={}, options={}, figures=(), shares=())
    found = difference(THEN, later(national=NATIONAL[1:], breakdowns=made))
    assert (found.national, found.breakdowns, found.any) == (1, "made", True)
    assert difference(later(breakdowns=made), later(breakdowns=made, number=3)).breakdowns == "same"


def test_ways_of_answering_compared_for_the_first_time_are_told() -> None:
    made = ModesCompared(number=2, against="web", minimum=100, modes=(), figures=())
    found = difference(THEN, later(modes_compared=made))
    assert (found.modes, found.breakdowns, found.any) == ("made", "none", True)
    assert "Comparison of ways of answering: made." in found.sentences()


def test_it_is_the_same_from_the_documents_as_stored() -> None:
    now = later(figure(MILL, "safe", 60, 2.9, 0))
    found = difference(from_json(THEN.to_json()), from_json(now.to_json()))
    assert json.loads(json.dumps(found.as_dict()))["moved"] == [
        {
            "area": MILL,
            "indicator": "safe",
            "before": 38,
            "after": 60,
            "beyond": True,
            "redefined": False,
            "change": 22,
        }
    ]
    assert found == difference(THEN, now)


def test_two_waves_are_another_question() -> None:
    with pytest.raises(DifferentWavesError):
        difference(THEN, later(wave="autumn"))
