"""What a release's models say comes from what it shows and from public covariates, and from nothing else."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.areas import Area, AreaSet
from analysis.inputs import Reference
from analysis.modelled_figures import Modelled, modelled
from analysis.national import NationalLayer
from analysis.release import Marker, Release, from_json
from analysis.scoring import Z95
from analysis.small_area import SmallAreas, small_areas
from analysis.tallies import AREA, MARGIN_PREFIX, count
from questionnaires.framework import AreaModel, Covariate, Framework
from tests.unit.analysis.samples import built, england, framework, people, population

AGE = MARGIN_PREFIX + "age"
WARDS = {f"{d[0]}{i}": d for d in ("North", "South") for i in range(1, 6)}
SCORES = dict(zip(WARDS, (31.0, 12.5, 22.0, 40.0, 8.0, 15.5, 27.0, 19.0, 35.0, 10.0), strict=True))
DEPRIVED = Covariate(layer="deprivation", indicator="IMD score", title="Deprivation")
SIZES = {"N1": 22, "N2": 22, **dict.fromkeys([w for w in WARDS if w not in ("N1", "N2")], 60)}
LAYER = NationalLayer(
    id="deprivation",
    source="Ministry of Places",
    values={(ward, "IMD score"): score for ward, score in SCORES.items()},
    periods={"IMD score": "2025"},
)


def areas() -> AreaSet:
    return AreaSet(
        [
            Area(code="C", name="County", level="county", vintage="2024"),
            *(
                Area(code=d, name=d, level="district", vintage="2024", parents=("C",))
                for d in ("North", "South")
            ),
            *(
                Area(code=w, name=f"Ward {w}", level="ward", vintage="2024", parents=(d,))
                for w, d in WARDS.items()
            ),
        ]
    )


def declared(*indicators: str, covariates: tuple[Covariate, ...] = (DEPRIVED,)) -> Framework:
    model = AreaModel(level="ward", indicators=indicators, covariates=covariates)
    return replace(framework(), models=(model,))


def reference(*layers: NationalLayer) -> Reference:
    return Reference(areas=areas(), margins=population(WARDS), national=(england(), *layers))


def answers(seed: int = 3) -> pd.DataFrame:
    return people(SIZES, seed)


def build(frame: pd.DataFrame, given: Framework | None = None, **changes: object):
    return built(count(frame, ["age"]), framework=given or declared(), reference=reference(LAYER), **changes)


MADE = build(answers())
RELEASE: Release = MADE.release


def again(release: Release, given: Framework | None = None, layer: NationalLayer = LAYER) -> Modelled:
    """The models made over, from the release as readers have it: its JSON without what was modelled."""
    bare = from_json(replace(release, modelled=(), models=()).to_json())
    return modelled(bare, (given or declared()).models, {layer.id: layer}, {"satisfied": 10.0})


def by_hand(release: Release, indicator: str, larger: str, limits: tuple[float, float]) -> SmallAreas:
    """The checked arithmetic, on numbers taken by hand from the release."""
    figures = {f.area: f for f in release.figures if f.indicator == indicator}
    people_of = {area.code: area.population or 0 for area in release.areas}
    direct, variance, n = [], [], []
    for ward in WARDS:
        figure = figures[ward]
        on = figure.marker is Marker.SHOWN
        direct.append(figure.value if on else math.nan)
        variance.append(((figure.upper - figure.lower) / 2 / Z95) ** 2 if on else math.nan)
        n.append(figure.effective_base if on else 0)
    return small_areas(
        direct,
        variance,
        n,
        {"IMD": list(SCORES.values())},
        target=figures[larger].value,
        share=[people_of[ward] for ward in WARDS],
        limits=limits,
    )


@pytest.mark.parametrize(
    ("indicator", "decimals", "limits"), [("satisfied", 1, (-math.inf, math.inf)), ("cold", 0, (0, 100))]
)
def test_values_are_those_of_the_checked_arithmetic_on_published_numbers(
    indicator: str, decimals: int, limits: tuple[float, float]
) -> None:
    found = by_hand(RELEASE, indicator, "C", limits)
    figures = {f.area: f for f in RELEASE.modelled if f.indicator == indicator}
    assert list(figures) == list(WARDS)
    for i, ward in enumerate(WARDS):
        figure = figures[ward]
        expected = [round(float(a[i]), decimals) for a in (found.modelled, found.lower, found.upper)]
        assert [figure.value, figure.lower, figure.upper] == pytest.approx(expected)
        assert figure.own_share == round(float(found.shrinkage[i]), 2)
    [model] = [m for m in RELEASE.models if m.indicator == indicator]
    known = found.diagnostics
    [covariate] = model.covariates
    assert covariate.coefficient == pytest.approx(known.coefficients["IMD"], rel=1e-5)
    assert model.constant == pytest.approx(known.coefficients["constant"], rel=1e-5)
    assert covariate.spread == pytest.approx(float(np.std(list(SCORES.values()), ddof=1)), rel=1e-5)
    assert [r for _area, r in model.residuals] == pytest.approx(known.residuals.tolist(), rel=1e-5)
    assert (model.variance, model.unit_variance) == pytest.approx((known.a, known.unit_variance), rel=1e-5)
    assert (covariate.title, covariate.period, model.method) == ("Deprivation", "2025", "hierarchical_bayes")


def test_hidden_areas_are_predicted_from_the_others_and_said_to_be() -> None:
    hidden = {f.area for f in RELEASE.figures if f.marker is Marker.HIDDEN and f.indicator == "satisfied"}
    assert hidden == {"N1", "N2"}
    for figure in RELEASE.modelled:
        if figure.indicator == "satisfied":
            assert figure.synthetic == (figure.area in hidden)
            assert (figure.own_share == 0) == figure.synthetic
            assert figure.lower < figure.value < figure.upper
            assert not figure.synthetic or (figure.grade == "D" and "model_share" in figure.reasons)
    [model] = [m for m in RELEASE.models if m.indicator == "satisfied"]
    assert (model.areas, model.predicted) == (8, 2)
    assert {area for area, _residual in model.residuals} == set(WARDS) - hidden


def test_modelled_areas_come_to_the_larger_areas_published_figure() -> None:
    for model in RELEASE.models:
        [benchmark] = model.benchmarks
        published = next(f for f in RELEASE.figures if (f.area, f.indicator) == ("C", model.indicator))
        assert (benchmark.area, benchmark.target) == ("C", published.value)
        mean = np.mean([f.value for f in RELEASE.modelled if f.indicator == model.indicator])
        step = 1 if model.indicator == "cold" else 0.1
        assert mean == pytest.approx(published.value, abs=step / 2), "wards have equal populations here"


def test_the_release_alone_and_public_covariates_give_the_same() -> None:
    found = again(RELEASE)
    assert (found.figures, found.models) == (RELEASE.modelled, RELEASE.models)
    assert found.notes == ()


@pytest.mark.parametrize("seed", range(5))
def test_what_people_in_hidden_areas_answered_is_in_no_model(seed: int) -> None:
    """Answers change hands between two hidden wards: their own means move far, what is published does not."""
    frame = answers(seed).reset_index(drop=True)
    before = build(frame).release
    shuffled = frame.copy()
    for _age, group in frame[frame[AREA].isin(["N1", "N2"])].groupby(AGE, observed=True):
        order = group.sort_values("life").index
        places = group.sort_values(AREA).index  # those of N1 get the lowest
        for column in ("life", "warm"):
            shuffled.loc[places, column] = frame.loc[order, column].to_numpy()
    means = [
        table[table["life"] >= 0].groupby(AREA, observed=True)["life"].mean() for table in (frame, shuffled)
    ]
    assert abs(means[0]["N1"] - means[1]["N1"]) > 1
    after = build(shuffled).release
    hidden = {(f.area, f.indicator) for f in before.figures if f.marker is Marker.HIDDEN}
    assert {("N1", "satisfied"), ("N2", "satisfied")} <= hidden
    assert after.figures == before.figures
    assert before.modelled
    assert (after.modelled, after.models) == (before.modelled, before.models)


def test_a_figure_that_moves_moves_what_is_modelled() -> None:
    """The test above could not fail if models took nothing from figures at all."""
    figures = tuple(
        replace(f, value=f.value + 1, lower=f.lower + 1, upper=f.upper + 1)
        if (f.area, f.indicator) == ("S1", "satisfied")
        else f
        for f in RELEASE.figures
    )
    assert again(replace(RELEASE, figures=figures)).figures != RELEASE.modelled


def test_nothing_is_modelled_that_is_not_declared() -> None:
    plain = build(answers(), framework())
    assert (plain.release.modelled, plain.release.models) == ((), ())
    document = json.loads(plain.release.to_json())
    assert not {"modelled", "models"} & document.keys()
    assert plain.release.figures == RELEASE.figures
    one = build(answers(), declared("cold")).release
    assert {m.indicator for m in one.models} == {f.indicator for f in one.modelled} == {"cold"}
    assert {m.indicator for m in RELEASE.models} == {"satisfied", "cold"}, "not those that were not asked"


def test_a_release_with_models_comes_back_as_it_was_and_names_its_covariates_source() -> None:
    assert from_json(RELEASE.to_json()) == RELEASE
    assert RELEASE.sources["deprivation"] == "Ministry of Places"
    assert "national:deprivation" in RELEASE.provenance
    json.loads(RELEASE.to_json(), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_without_covariates_areas_are_drawn_to_what_all_have_in_common() -> None:
    given = declared("satisfied", covariates=())
    found = again(RELEASE, given)
    [model] = found.models
    assert model.covariates == ()
    values = {f.area: f for f in found.figures}
    assert values["N1"].value == values["N2"].value


def test_an_area_without_the_covariate_is_not_modelled_and_the_manager_is_told() -> None:
    layer = replace(LAYER, values={k: v for k, v in LAYER.values.items() if k[0] != "S5"})
    found = again(RELEASE, layer=layer)
    assert {f.area for f in found.figures} == set(WARDS) - {"S5"}
    assert [m.benchmarks for m in found.models] == [(), ()], "they are not the whole county any more"
    [note] = found.notes
    assert note.startswith(
        '1 of 10 areas of level "ward" have no "IMD score" in national layer "deprivation"'
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"level": "parish"}, 'level "parish", which this wave does not publish'),
        ({"level": "district", "covariates": ()}, "There are 2 sampled areas"),
        ({"covariates": (replace(DEPRIVED, layer="nothing"),)}, "10 of 10 areas"),
        (
            {"covariates": (DEPRIVED, replace(DEPRIVED, indicator="double"))},
            "The covariates say the same thing twice.",
        ),
    ],
)
def test_a_model_that_cannot_be_made_is_a_note_and_no_refusal(change: dict[str, object], told: str) -> None:
    doubled = {(ward, "double"): 2 * score for ward, score in SCORES.items()}
    layer = replace(LAYER, values=LAYER.values | doubled)
    model = replace(AreaModel(level="ward", covariates=(DEPRIVED,)), **change)
    given = replace(framework(), models=(model,))
    made = built(count(answers(), ["age"]), framework=given, reference=reference(layer))
    assert (made.release.modelled, made.release.models) == ((), ())
    assert any(told in note for note in made.report.notes), made.report.notes
    assert made.release.figures == RELEASE.figures


def test_a_few_areas_that_are_shown_do_not_speak_for_most_that_are_not() -> None:
    def hiding(*wards: str) -> Modelled:
        figures = tuple(
            replace(f, marker=Marker.HIDDEN, value=None, lower=None, upper=None) if f.area in wards else f
            for f in RELEASE.figures
        )
        return again(replace(RELEASE, figures=figures), declared("satisfied"))

    assert len(hiding("N3", "N4", "S1").figures) == 10, "half are shown"
    most = hiding("N3", "N4", "S1", "S2")
    assert (most.figures, most.models) == ((), ())
    [note] = most.notes
    assert "Only 4 of 10 areas have a figure that is shown" in note


def test_areas_are_benchmarked_in_each_district_where_nothing_larger_is_published() -> None:
    inside = [a for a in RELEASE.areas if a.code != "C"]
    release = replace(
        RELEASE,
        areas=tuple(replace(a, parents=tuple(p for p in a.parents if p != "C")) for a in inside),
        figures=tuple(f for f in RELEASE.figures if f.area != "C"),
    )
    found = again(release)
    for model in found.models:
        assert [b.area for b in model.benchmarks] == ["North", "South"]
        for benchmark in model.benchmarks:
            mean = np.mean(
                [
                    f.value
                    for f in found.figures
                    if f.indicator == model.indicator and WARDS[f.area] == benchmark.area
                ]
            )
            step = 1 if model.indicator == "cold" else 0.1
            assert mean == pytest.approx(benchmark.target, abs=step / 2)


def test_a_larger_areas_hidden_figure_is_no_benchmark() -> None:
    figures = tuple(
        f if f.area != "C" else replace(f, marker=Marker.HIDDEN, value=None, lower=None, upper=None)
        for f in RELEASE.figures
    )
    assert [m.benchmarks for m in again(replace(RELEASE, figures=figures)).models] == [(), ()]


def test_what_costs_every_figure_a_grade_costs_a_modelled_one_the_same() -> None:
    figures = tuple(
        replace(f, grade="C", reasons=("unmet_margins",)) if f.marker is Marker.SHOWN else f
        for f in RELEASE.figures
    )
    found = again(replace(RELEASE, figures=figures)).figures
    assert found
    assert all("unmet_margins" in f.reasons and f.grade >= "C" for f in found)
    assert not any("unmet_margins" in f.reasons for f in RELEASE.modelled)
