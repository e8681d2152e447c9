"""A release to read: every state a figure can be in, over an invented district of an invented system."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.release import (
    Figure,
    Marker,
    NationalFigure,
    Release,
    ReleasedArea,
    ReleasedIndicator,
    TreeNode,
    Yardstick,
)
from analysis.released_models import ModelBenchmark, ModelledFigure, ReleasedCovariate, ReleasedModel

WHOLE, ALLIANCE, NORTH, SOUTH = "E54X", "A1", "E07N", "E07S"
MILL, PARK, QUAY = "E05MILL", "E05PARK", "E05QUAY"


def area(code: str, name: str, level: str, *parents: str, population: int | None = None) -> ReleasedArea:
    return ReleasedArea(code=code, name=name, level=level, parents=parents, population=population)


AREAS = (
    area(WHOLE, "Whole Shire", "icb", population=1_200_000),
    area(ALLIANCE, "Mid Shire", "alliance", WHOLE),
    area(NORTH, "Northfield", "lad", ALLIANCE, WHOLE, population=180_000),
    area(SOUTH, "Southmere", "lad", WHOLE),
    area(MILL, "Mill End", "ward", NORTH, ALLIANCE, WHOLE, population=9_400),
    area(PARK, "Parkside & St Mary’s", "ward", NORTH, ALLIANCE, WHOLE),
    area(QUAY, "Quay", "ward", SOUTH, WHOLE),
)

TREE = tuple(
    TreeNode(code=code, title=title, kind=kind, parent=parent)
    for code, title, kind, parent in (
        ("local", "Local conditions", "headline", None),
        ("place", "Place and environment", "domain", "local"),
        ("safety", "Safety", "subdomain", "place"),
        ("housing", "Housing", "subdomain", "place"),
        ("transport", "Transport", "subdomain", "place"),
        ("health", "Mental and physical health", "domain", "local"),
        ("mental", "Mental health", "subdomain", "health"),
        ("mortality", "Mortality", "subdomain", "health"),
        ("equality", "Equality", "headline", None),
        ("age", "Age", "domain", "equality"),
        ("age_leaf", "Age", "subdomain", "age"),
    )
)

NATIONAL_YARDSTICK = Yardstick(
    mean=7.48, sd=0.27, areas=299, relative_to="national", layer="ons", period="2023"
)
SURVEY_YARDSTICK = Yardstick(mean=60, sd=8, areas=3, relative_to="survey")


def indicator(code: str, title: str, subdomain: str, **more: Any) -> ReleasedIndicator:
    given: dict[str, Any] = {
        "headline": "local",
        "domain": next(node.parent for node in TREE if node.code == subdomain),
        "polarity": 1,
        "statistic": "proportion",
        "unit": "%",
        "item": code,
        "question": f"Is it so: {title}?",
        "yardstick": SURVEY_YARDSTICK,
    }
    return ReleasedIndicator(code=code, title=title, subdomain=subdomain, **(given | more))


INDICATORS = (
    indicator("safe", "Feel safe after dark", "safety"),
    indicator("damp", "Damp or mould at home", "housing", polarity=-1),
    indicator("cold", "Cannot keep warm at home", "housing", polarity=-1),
    indicator(
        "jobs", "Minutes to jobs", "transport", unit="minutes", statistic="mean", item=None, question=""
    ),
    indicator(
        "life",
        "Life satisfaction",
        "mental",
        unit="out of 10",
        statistic="mean",
        yardstick=NATIONAL_YARDSTICK,
        national_layer="ons",
        note="The national figure comes from interviews.",
    ),
    indicator("anxiety", "Anxiety yesterday", "mental", unit="out of 10", statistic="mean", comparable=False),
    indicator("deaths", "Early deaths", "mortality", item=None, question=""),
    indicator("respect", "Treated with respect at any age", "age_leaf", yardstick=None),
)


def figure(
    area: str, indicator: str, value: float, score: float | None, band: int | None, **more: Any
) -> Figure:
    """A shown figure with an interval of 8 (percentages) or 0.3 either side, and of 1 on the scale."""
    reach = 8 if value > 10 else 0.3
    given: dict[str, Any] = {
        "base": 210,
        "effective_base": 150,
        "value": value,
        "lower": value - reach,
        "upper": value + reach,
        "score": score,
        "score_lower": None if score is None else max(0.0, score - 1),
        "score_upper": None if score is None else min(10.0, score + 1),
        "score_uncapped": score,
        "band": band,
        "band_chance": None if band is None else 0.9,
        "grade": "B",
    }
    return Figure(area=area, indicator=indicator, marker=Marker.SHOWN, **(given | more))


def hidden(area: str, indicator: str) -> Figure:
    return Figure(area=area, indicator=indicator, marker=Marker.HIDDEN)


def not_asked(area: str, indicator: str) -> Figure:
    return Figure(area=area, indicator=indicator, marker=Marker.NOT_ASKED)


FIGURES = (
    figure(MILL, "safe", 38, 2.9, 0),
    figure(MILL, "damp", 22, 5.1, None, grade="C"),
    hidden(MILL, "cold"),
    not_asked(MILL, "jobs"),
    figure(MILL, "life", 7.8, 7.4, 4, base=205, stands_from=1),
    figure(MILL, "anxiety", 3.1, 5.0, 2),
    figure(MILL, "respect", 64, None, None),
    *(hidden(PARK, code) for code in ("safe", "damp", "cold", "life", "anxiety", "respect")),
    figure(QUAY, "safe", 71, 6.1, 3),
    figure(NORTH, "safe", 52, 4.0, 1, base=1_840),
    figure(NORTH, "life", 7.5, 5.2, 2, base=1_835),
    figure(SOUTH, "safe", 66, 5.8, 3, base=1_400),
    figure(ALLIANCE, "safe", 55, 4.4, None, base=4_105),
    figure(WHOLE, "safe", 60, 5.0, 2, base=12_000),
)

NATIONAL = (
    NationalFigure(
        area=NORTH, indicator="life", value=7.41, score=4.5, band=2, period="2022/23", layer="ons"
    ),
    NationalFigure(area=NORTH, indicator="jobs", value=18.25, score=7.0, band=4, period="2019", layer="ons"),
    NationalFigure(area=NORTH, indicator="deaths", value=13.5, score=3.9, band=1, period="2021", layer="ons"),
    NationalFigure(
        area=NORTH, indicator="anxiety", value=3.3, score=4.7, band=2, period="2022/23", layer="ons"
    ),
)


MODELLED = (
    ModelledFigure(
        area=MILL,
        indicator="safe",
        value=41,
        lower=34,
        upper=48,
        own_share=0.6,
        synthetic=False,
        grade="B",
        reasons=("model_share",),
    ),
    ModelledFigure(
        area=PARK,
        indicator="safe",
        value=47,
        lower=33,
        upper=61,
        own_share=0.0,
        synthetic=True,
        grade="D",
        reasons=("effective_n", "model_share"),
    ),
    ModelledFigure(
        area=QUAY,
        indicator="safe",
        value=68,
        lower=61,
        upper=75,
        own_share=0.7,
        synthetic=False,
        grade="B",
        reasons=("model_share",),
    ),
)

MODELS = (
    ReleasedModel(
        indicator="safe",
        level="ward",
        method="hierarchical_bayes",
        areas=24,
        predicted=1,
        constant=70.25,
        covariates=(
            ReleasedCovariate(
                title="Deprivation (IMD 2025)",
                layer="imd",
                indicator="IMD score",
                period="2025",
                coefficient=-0.52,
                spread=9.5,
            ),
        ),
        variance=25.0,
        variance_lower=4.0,
        variance_upper=81.0,
        unit_variance=2401.5,
        own_share=0.65,
        largest_residual=2.4,
        normality=0.31,
        residuals=((MILL, -2.4), (QUAY, 1.1)),
        benchmarks=(ModelBenchmark(area=WHOLE, target=60, before=58.75),),
    ),
)


def release(**changes: Any) -> Release:
    """Release 2 of the wave "spring": figures shown, hidden, not asked, unsure, unscored and inherited."""
    made = Release(
        wave="spring",
        wave_title="Spring 2026",
        number=2,
        created="2026-06-12T09:00:00+00:00",
        opened="2026-03-02",
        closed="2026-05-31",
        questionnaire="core",
        questionnaire_version="1.0",
        framework="small",
        framework_version="1",
        k=2.0,
        bands=(3.5, 4.5, 5.5, 6.5),
        responses=12_000,
        modes={"web": 9_000, "paper": 3_000},
        areas=AREAS,
        tree=TREE,
        indicators=INDICATORS,
        figures=FIGURES,
        national=NATIONAL,
        policy={"minimum_base": 30},
        weighting=(),
        provenance={"code": "0.1.0"},
    )
    return replace(made, **changes)
