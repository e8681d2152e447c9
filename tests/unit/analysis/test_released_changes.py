"""Changes between two releases: by hand, and whatever may not be compared or may not enter."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.build import EarlierWave
from analysis.comparisons import ChangeFigure, Uncompared
from analysis.indicators import local_indicators
from analysis.release import Figure, Marker, Release, from_json
from analysis.released_changes import changes, uncomparable
from questionnaires.bespoke import column_of
from questionnaires.framework import Composite, Indicator, Part, Statistic
from questionnaires.model import Option, Questionnaire
from tests.unit.analysis.samples import COLD, SATISFIED, WARDS, built, framework, questionnaire, tallied, wave

SPRING = built(tallied(dict.fromkeys(WARDS, 60)))
AUTUMN = replace(wave(), slug="autumn", title="Autumn", opened="2026-09-01", closed="2026-10-31")
LOCALS = local_indicators(framework(), questionnaire())


def shown(
    area: str, value: float, lower: float, upper: float, indicator: str = "cold", **more: int
) -> Figure:
    return Figure(
        area=area,
        indicator=indicator,
        marker=Marker.SHOWN,
        value=value,
        lower=lower,
        upper=upper,
        **({"base": 60, "effective_base": 60} | more),
    )


def of(figures: Iterable[Figure], slug: str = "spring") -> Release:
    return replace(SPRING.release, wave=slug, figures=tuple(figures))


def before(release: Release, asked: Questionnaire | None = None, bases: str = SPRING.bases) -> EarlierWave:
    return EarlierWave(release=release, bases=bases, questionnaire=asked or questionnaire())


def compared(then: Iterable[Figure], now: Iterable[Figure]) -> dict[tuple[str, str], ChangeFigure]:
    found = changes(of(now, "autumn"), LOCALS, questionnaire(), before(of(then)))
    return {(figure.area, figure.indicator): figure for figure in found.figures}


def test_a_change_by_hand() -> None:
    found = compared([shown("N1", 40, 30, 50)], [shown("N1", 60, 50, 70)])["N1", "cold"]
    # se = 10 / 1.96 in both; z = 20 / (se sqrt 2) = 2.7719; p = 2 Phi(-z). 20 -+ sqrt(100 + 100) = 14.1
    assert (found.difference, found.lower, found.upper) == (20, 6, 34)
    assert found.p == pytest.approx(0.005574, abs=2e-6)
    assert (found.q, found.moved) == (found.p, True)


def test_figures_of_one_kind_of_area_are_tested_together_and_other_kinds_apart() -> None:
    wards = {ward: (40, 50) for ward in ("N1", "N2", "N3", "S1", "S2")}
    then = [shown(code, was, was - 9, was + 9) for code, (was, _) in wards.items()] + [shown("C", 40, 31, 49)]
    now = [shown(code, 42, 33, 51) for code in wards if code != "N1"]
    now += [shown("N1", 54, 45, 63), shown("C", 54, 45, 63)]
    found = compared(then, now)
    ward, county = found["N1", "cold"], found["C", "cold"]
    assert ward.p == county.p == pytest.approx(0.0311, abs=1e-4)
    assert ward.q == pytest.approx(5 * ward.p, abs=1e-5), "the smallest of five"
    assert county.q == county.p
    assert (ward.moved, county.moved) == (False, True)


def test_what_is_nearly_certain_is_still_known_only_to_its_rounding() -> None:
    found = compared([shown("C", 40, 40, 40)], [shown("C", 41, 41, 41)])["C", "cold"]
    # se 0.5 each: z = 1 / sqrt(0.5) = 1.414. 1 -+ 1.96 sqrt(0.5) = -0.4 and 2.4
    assert found.p == pytest.approx(0.157299, abs=2e-6)
    assert (found.lower, found.upper, found.moved) == (0, 2, False)


def test_a_mean_of_answers_that_were_all_alike_is_not_known_without_error() -> None:
    few = shown("N1", 7.0, 7.0, 7.0, "satisfied")
    many = shown("C", 7.0, 7.0, 7.0, "satisfied", effective_base=5000)
    later = [replace(few, value=7.5, lower=7.2, upper=7.8), replace(many, value=7.5, lower=7.5, upper=7.5)]
    assert list(compared([few, many], later)) == [("C", "satisfied")]


def test_a_hidden_figure_never_enters() -> None:
    plain = [shown("N1", 40, 30, 50), shown("N2", 41, 30, 50)]
    hidden = Figure(area="N2", indicator="cold", marker=Marker.HIDDEN)
    # Numbers that a hidden figure must not have, to see that none of them is read.
    leaking = replace(plain[1], marker=Marker.HIDDEN)
    for then, now in (
        ([plain[0], hidden], plain),
        (plain, [plain[0], hidden]),
        ([plain[0], leaking], plain),
        (plain, [plain[0], leaking]),
    ):
        assert compared(then, now) == compared(plain[:1], plain[:1])


def test_an_area_that_is_of_another_kind_now_is_not_compared() -> None:
    elsewhere = tuple(replace(a, level="lad") if a.code == "N1" else a for a in SPRING.release.areas)
    then = replace(of([shown("N1", 40, 30, 50)]), areas=elsewhere)
    now = of([shown("N1", 60, 50, 70)], "autumn")
    assert changes(now, LOCALS, questionnaire(), before(then)).figures == ()


NUMBERS = st.integers(5, 95)
FIGURES = st.lists(
    st.tuples(NUMBERS, NUMBERS, st.integers(1, 20), st.integers(1, 20)), min_size=1, max_size=6
)


@given(FIGURES)
def test_swapping_the_waves_turns_every_sign(rows: list[tuple[int, int, int, int]]) -> None:
    then, now = [], []
    for area, (first, second, low, high) in zip(WARDS, rows, strict=False):
        then.append(shown(area, first, first - low, first + high))
        now.append(shown(area, second, second - high, second + low))
    forth, back = compared(then, now), compared(now, then)
    assert forth.keys() == back.keys()
    for key, one in forth.items():
        other = back[key]
        assert (one.difference, one.lower, one.upper) == (-other.difference, -other.upper, -other.lower)
        assert (one.p, one.q, one.moved) == (other.p, other.q, other.moved)
        assert one.lower <= one.difference <= one.upper
        assert one.p <= one.q <= 1


# -- what may be compared --


def reworded(**given: object) -> Questionnaire:
    whole = questionnaire()
    items = tuple(replace(i, **given) if i.code == "warm" else i for i in whole.items())
    return replace(whole, sections=(replace(whole.sections[0], items=items),))


def why(asked: Questionnaire | None, **changed: object) -> dict[str, Uncompared]:
    given = {"release": SPRING.release, "bases": SPRING.bases, "questionnaire": asked} | changed
    return uncomparable(LOCALS, questionnaire(), EarlierWave(**given))


def test_only_questions_asked_alike_are_compared() -> None:
    assert why(questionnaire()) == {}
    assert why(reworded(text="Is your home warm enough?")) == {"cold": Uncompared.WORDED}
    options = (Option(code=1, text="Yes"), Option(code=2, text="No"))
    assert why(reworded(options=options)) == {"cold": Uncompared.ANOTHER}
    assert why(reworded(code="warmth")) == {"cold": Uncompared.ANOTHER}
    assert why(reworded(note="Kept warm")) == {}


def test_a_composite_is_compared_where_every_question_it_is_made_of_was_asked_alike() -> None:
    parts = (Part(item="life", codes=(8, 9, 10)), Part(item="warm", codes=(1,)))
    both = Indicator(
        code="both",
        title="Both",
        polarity=1,
        item=column_of("both"),
        composite=Composite(parts=parts, at_least=2),
    )
    locals_ = local_indicators(framework(both), questionnaire())
    held = json.loads(SPRING.bases)
    held["figures"]["both"] = {"areas": {}, "signature": locals_[0].signature}
    bases = json.dumps(held)

    def found(asked: Questionnaire, bases: str = bases) -> dict[str, Uncompared]:
        earlier = EarlierWave(release=SPRING.release, bases=bases, questionnaire=asked)
        return uncomparable(locals_, questionnaire(), earlier)

    assert found(questionnaire()) == {}
    assert found(reworded(text="Is your home warm enough?")) == {"both": Uncompared.WORDED}
    assert found(reworded(code="warmth")) == {"both": Uncompared.ANOTHER}
    assert found(questionnaire(), bases.replace("composite|2", "composite|1")) == {"both": Uncompared.COUNTED}


def test_an_indicator_that_counted_otherwise_or_did_not_exist_is_not_compared() -> None:
    otherwise = built(
        tallied(dict.fromkeys(WARDS, 60)), framework=framework(SATISFIED, replace(COLD, codes=(1,)))
    )
    assert why(questionnaire(), bases=otherwise.bases) == {"cold": Uncompared.COUNTED}
    averaged = replace(COLD, statistic=Statistic.MEAN, codes=())
    mean = built(tallied(dict.fromkeys(WARDS, 60)), framework=framework(SATISFIED, averaged))
    assert why(questionnaire(), bases=mean.bases) == {"cold": Uncompared.COUNTED}
    without = built(tallied(dict.fromkeys(WARDS, 60)), framework=framework(SATISFIED))
    assert why(questionnaire(), bases=without.bases) == {"cold": Uncompared.NOT_ASKED}


@pytest.mark.parametrize("changed", [{"questionnaire": None}, {"bases": "{}"}])
def test_without_what_says_what_figures_meant_nothing_is_compared(changed: dict[str, object]) -> None:
    found = why(questionnaire(), **changed)
    assert found == {"satisfied": Uncompared.NOT_HELD, "cold": Uncompared.NOT_HELD}


# -- in a release --


def test_a_release_says_what_changed_since_which_release_and_comes_back() -> None:
    later = built(
        tallied(dict.fromkeys(WARDS, 60), seed=2, cold=0.9),
        wave=AUTUMN,
        earlier_wave=before(SPRING.release, reworded(hint="Think of winter")),
    ).release
    assert later.changes is not None
    assert (later.changes.wave, later.changes.number) == ("spring", 1)
    assert later.changes.uncompared == {"cold": "worded-otherwise"}
    assert {figure.indicator for figure in later.changes.figures} == {"satisfied"}
    assert later.provenance["compared:spring:1"] == SPRING.release.digest
    assert from_json(later.to_json()) == later
    alone = built(tallied(dict.fromkeys(WARDS, 60), seed=2, cold=0.9), wave=AUTUMN).release
    assert later.figures == alone.figures, "no figure is touched by it"
    assert '"changes"' not in alone.to_json()
    assert from_json(alone.to_json()).digest == alone.digest


def test_what_truly_moved_is_found_and_what_did_not_is_not() -> None:
    sizes = dict.fromkeys(WARDS, 150)
    spring = built(tallied(sizes, seed=3, cold=0.2))
    again = built(
        tallied(sizes, seed=4, cold=0.5),
        wave=AUTUMN,
        earlier_wave=before(spring.release, bases=spring.bases),
    ).release
    assert again.changes is not None
    moved = {(f.area, f.indicator) for f in again.changes.figures if f.moved}
    assert {code for code, indicator in moved if indicator == "cold"} >= {*WARDS, "North", "South", "C"}
    assert not [one for one in moved if one[1] == "satisfied"]
