"""The one call, end to end."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from analysis import provenance
from analysis.build import Earlier, Policy, PublicationRefusedError
from analysis.margins import PopulationMargins
from analysis.national import NationalYardstick
from analysis.release import Figure, Marker
from analysis.tallies import count, merge
from questionnaires.framework import Benchmark
from tests.unit.analysis.samples import (
    COLD,
    WARDS,
    areas,
    built,
    england,
    frame,
    framework,
    people,
    reference,
    tallied,
    wave,
)

SIZES = {"N1": 80, "N2": 70, "N3": 20, "S1": 60, "S2": 60, "S3": 64, "South": 40}


def figures(made) -> dict[tuple[str, str], Figure]:
    return {(f.area, f.indicator): f for f in made.release.figures}


def test_every_released_area_has_every_local_indicator() -> None:
    made = built(tallied(SIZES))
    found = figures(made)
    codes = [area.code for area in made.release.areas]
    assert codes == ["N1", "N2", "N3", "S1", "S2", "S3", "North", "South", "C"]
    assert len(made.release.figures) == len(found) == len(codes) * 3
    assert {found[code, "elsewhere"].marker for code in codes} == {Marker.NOT_ASKED}
    assert [n.code for n in made.release.tree if n.kind == "subdomain"] == ["life", "quiet"]
    assert [i.code for i in made.release.indicators] == ["satisfied", "cold", "elsewhere", "jobs"]
    assert {a.code: a.parents for a in made.release.areas}["N1"] == ("North", "C")
    assert {a.code: a.population for a in made.release.areas}["North"] == 3000


def test_estimates_are_weighted_to_the_population() -> None:
    """The young answer otherwise: the county figure is that of the population, not of who answered."""
    rows = [("N1", "web", "old", 2, 1)] * 40 + [("N1", "web", "young", 8, 2)] * 40
    rows += [("S1", "web", "old", 4, 1)] * 90 + [("S1", "web", "young", 9, 2)] * 30

    made = built(count(frame(rows), ["age"]), wave=wave(("county",)))
    assert made.report.effective_n < 200
    by_level = {(r["margin"], r["level"]): r for r in made.report.weighting}
    assert by_level["age", "young"]["weighted_share"] == pytest.approx(0.6, abs=1e-9)
    assert by_level["district", "South"]["weighted_share"] == pytest.approx(0.5, abs=1e-9)
    assert figures(made)["C", "cold"].value == 60, "the young, all cold, are 60% of the population"


def test_a_local_score_is_on_the_national_yardstick_and_set_beside_the_national_score() -> None:
    made = built(tallied(SIZES))
    figure = figures(made)["North", "satisfied"]
    assert figure.score == pytest.approx(5 + 2 * (figure.value - 7.4) / 0.4, abs=0.005)
    indicator = next(i for i in made.release.indicators if i.code == "satisfied")
    assert (indicator.yardstick.relative_to, indicator.yardstick.areas) == ("national", 300)
    national = {(n.area, n.indicator): n.score for n in made.release.national}
    assert national == {("North", "satisfied"): 6.0, ("South", "satisfied"): 4.0, ("North", "jobs"): 7.0}


def test_without_a_comparable_benchmark_scores_are_relative_to_this_survey() -> None:
    full = built(tallied(dict.fromkeys(WARDS, 80)))
    yardstick = next(i for i in full.release.indicators if i.code == "cold").yardstick
    values = [figures(full)[ward, "cold"].value for ward in WARDS]
    assert (yardstick.relative_to, yardstick.areas) == ("survey", 6)
    assert yardstick.mean == pytest.approx(sum(values) / 6)
    scored = figures(full)["N1", "cold"]
    assert scored.score_uncapped == pytest.approx(
        5 - 2 * (scored.value - yardstick.mean) / yardstick.sd, abs=0.005
    ), "polarity -1: fewer cold homes are better"
    few = built(tallied(SIZES))
    assert next(i for i in few.release.indicators if i.code == "cold").yardstick is None, "four shown wards"
    assert figures(few)["C", "cold"].score is None


def test_a_benchmark_that_is_not_comparable_is_shown_but_not_scored_on() -> None:
    apart = replace(
        COLD, benchmark=Benchmark(layer="england", indicator="Cold", comparable=False, note="Modes differ.")
    )
    layer = replace(
        england(),
        values={("North", "Cold"): 12.0},
        yardsticks={"Cold": NationalYardstick(mean=10, sd=2, areas=300, unit="%")},
    )
    made = built(
        tallied(dict.fromkeys(WARDS, 80)),
        framework=framework(apart),
        reference=replace(reference(), national=(layer,)),
    )
    indicator = made.release.indicators[0]
    assert (indicator.comparable, indicator.note) == (False, "Modes differ.")
    assert indicator.yardstick.relative_to == "survey"
    assert made.release.national[0].value == 12


def test_hidden_figures_cannot_be_told_apart() -> None:
    made = built(tallied(SIZES))
    hidden = [asdict(f) for f in made.release.figures if f.marker is Marker.HIDDEN]
    reasons = {w.why for w in made.report.hidden}
    assert len(reasons) >= 2
    blank = {tuple((k, v) for k, v in f.items() if k not in ("area", "indicator")) for f in hidden}
    assert len(blank) == 1
    assert all(value is None for key, value in blank.pop() if key != "marker")


def test_only_rounded_numbers_leave() -> None:
    made = built(tallied(SIZES))
    for figure in made.release.figures:
        if figure.marker is not Marker.SHOWN:
            continue
        assert figure.base % 5 == 0
        assert figure.effective_base % 5 == 0
        step = 10 if figure.indicator == "satisfied" else 1
        for number in (figure.value, figure.lower, figure.upper):
            assert round(number * step, 9) == round(number * step)
        assert figure.lower <= figure.value <= figure.upper
    assert made.release.responses == 395
    assert all(n % 5 == 0 for n in made.release.modes.values())
    assert str(made.report.design_effect) not in made.release.to_json()


@pytest.mark.parametrize(("paper", "named"), [(29, False), (30, True), (31, True)])
def test_a_mode_is_named_from_the_minimum_base(paper: int, named: bool) -> None:
    table = people({"N1": 150})
    table["response.mode"] = ["paper"] * paper + ["web"] * (150 - paper)

    assert ("paper" in built(count(table, ["age"])).release.modes) is named


def test_four_answers_publish_only_that_there_are_too_few() -> None:
    made = built(tallied({"N1": 3, "South": 1}))
    assert {f.marker for f in made.release.figures} == {Marker.HIDDEN, Marker.NOT_ASKED}
    assert (made.release.responses, made.release.modes, made.release.weighting) == (5, {}, ())
    assert made.report.design_effect is None
    assert "fewer than 30" in made.report.notes[-1]
    assert len(made.release.national) == 3, "what is public anyway stays"


def test_no_answers_at_all_can_be_published_too() -> None:
    made = built(tallied({}))
    assert made.release.responses == 0
    assert {f.marker for f in made.release.figures} == {Marker.HIDDEN, Marker.NOT_ASKED}


@pytest.mark.parametrize(("size", "weighted"), [(29, False), (30, True), (31, True)])
def test_a_small_wave_is_weighted_from_the_minimum_base(size: int, weighted: bool) -> None:
    made = built(tallied({"N1": size}))
    assert (made.report.design_effect is not None) is weighted
    if weighted:
        assert any("South" in text for text in made.report.collapsed), "a district that nobody answered from"


def test_everything_that_is_missing_is_said_at_once() -> None:
    bare = replace(reference(), margins=PopulationMargins([]))
    with pytest.raises(PublicationRefusedError) as refused:
        built(tallied({"X9": 40}), reference=bare, number=2)
    text = str(refused.value)
    assert 'No population margin "age" is loaded' in text
    assert "survey-app margins import" in text
    assert "X9" in text
    assert "every earlier one" in text


def test_a_level_that_no_area_has_is_refused() -> None:
    with pytest.raises(PublicationRefusedError, match="published level: parish"):
        built(tallied({"N1": 40}), wave=wave(("parish",)))
    with pytest.raises(PublicationRefusedError, match="Atlantis"):
        built(tallied({"N1": 40}), wave=replace(wave(), areas=("Atlantis",)))


def test_a_layer_that_is_not_loaded_is_noted_for_the_manager() -> None:
    made = built(tallied(SIZES), reference=replace(reference(), national=()))
    assert made.release.national == ()
    assert any('"england" is not loaded' in note for note in made.report.notes)


def test_people_from_outside_the_wave_are_left_out_and_said() -> None:
    made = built(tallied(dict.fromkeys(WARDS, 60)), wave=replace(wave(), areas=("N1", "N2")))
    assert made.report.responses == 120
    assert made.report.notes == ("240 responses are from outside the wave's areas and are left out.",)
    assert [a.code for a in made.release.areas] == ["N1", "N2"], "a third of the district was not asked"
    above = built(tallied({"N1": 60, "North": 40}), wave=replace(wave(), areas=("N1", "N2")))
    assert above.report.responses == 100, "who gave only the district may be in the wave's part of it"


def after(made, number: int = 1) -> Earlier:
    assert made.release.number == number
    return Earlier(made.release, made.bases)


def test_a_later_release_with_a_few_more_answers_stands() -> None:
    first = built(tallied(SIZES))
    table = people(SIZES)

    more = merge([count(table, ["age"]), tallied({"N1": 1}, seed=7)])
    second = built(more, number=2, earlier=(after(first),))
    was, now = figures(first), figures(second)
    for key, figure in now.items():
        assert figure.marker is was[key].marker
        if figure.marker is Marker.SHOWN:
            assert (figure.value, figure.base, figure.lower) == (
                was[key].value,
                was[key].base,
                was[key].lower,
            )
            assert figure.stands_from == 1
    assert second.release.responses == first.release.responses
    assert second.release.weighting == first.release.weighting
    assert second.report.standing
    assert second.release.provenance["release:1"] == first.release.digest
    third = built(
        merge([more, tallied({"N1": 12}, seed=9)]), number=3, earlier=(after(first), after(second, 2))
    )
    assert third.release.responses == 405
    assert figures(third)["N1", "satisfied"].stands_from is None
    assert figures(third)["S1", "satisfied"].stands_from == 1, "the release it was first printed in"


def test_bases_that_belong_to_another_release_or_cannot_be_read_are_refused() -> None:
    first = built(tallied(SIZES))
    with pytest.raises(PublicationRefusedError, match="cannot be read"):
        built(tallied(SIZES), number=2, earlier=(Earlier(first.release, "{}"),))
    swapped = first.bases.replace('"number":1,', '"number":5,', 1)
    with pytest.raises(PublicationRefusedError, match="belong to other releases"):
        built(tallied(SIZES), number=2, earlier=(Earlier(first.release, swapped),))


def test_the_same_inputs_give_the_same_release_and_any_other_input_another_provenance() -> None:
    one, two = built(tallied(SIZES)), built(tallied(SIZES))
    assert one.release.digest == two.release.digest
    assert one.bases == two.bases
    other = built(tallied(SIZES), policy=Policy(minimum_base=40)).release.provenance
    assert {k for k in other if other[k] != one.release.provenance[k]} == {"policy"}
    moved = replace(reference(), areas=areas({**WARDS, "N1": "South"}))
    assert provenance.of_areas(moved.areas) != provenance.of_areas(areas())
    assert len(one.release.provenance["code"].split("+")[1]) == 16


def test_a_share_that_is_not_nothing_is_never_shown_as_nothing() -> None:

    rows = [("N1", "web", "old", 5, 2 if i < 10 else 1) for i in range(3000)]
    assert figures(built(count(frame(rows), ["age"])))["C", "cold"].value == 1
    none = [("N1", "web", "old", 5, 1)] * 300
    assert figures(built(count(frame(none), ["age"])))["C", "cold"].value == 0


@pytest.mark.parametrize(("alone", "counted"), [(1, 0), (149, 0), (150, 150), (151, 151)])
def test_a_few_people_without_a_neighbourhood_do_not_hide_everyone_elses(alone: int, counted: int) -> None:
    """Known only by the county: counted there only when they are enough to be what a subtraction leaves."""
    wards = {ward: 60 for ward in ("N1", "N2", "N3", "S1", "S2", "S3")}
    made = built(tallied(wards | {"C": alone}))
    assert made.report.responses == 360 + alone
    assert not made.report.hidden
    assert figures(made)["C", "cold"].base == Policy().rounded_base(360 + counted)
    told = f"{alone} people named no neighbourhood: too few to stand apart, so they only weigh."
    assert (told in made.report.notes) == (counted == 0)


def test_an_area_is_not_broken_down_when_a_few_people_have_answered_since_its_figure() -> None:
    """Its columns would add up to 203 where the figure that stands says 200: the answers of three people."""
    still_open = replace(wave(), closed="2026-06-30")
    before = {"N1": 300, "N2": 300, "S1": 300, "S2": 200}
    first = built(tallied(before), wave=still_open)
    assert first.release.breakdowns is None
    earlier = (Earlier(first.release, first.bases),)
    second = built(tallied(before | {"S2": 203}), number=2, earlier=earlier)
    stands = figures(second)["S2", "satisfied"]
    assert (stands.marker, stands.stands_from) == (Marker.SHOWN, 1)
    broken_down = second.release.breakdowns
    assert broken_down is not None
    areas = {share.area for share in broken_down.shares if share.item == "life"}
    assert "N1" in areas
    assert "S2" not in areas
