"""Which sub-domains have national figures, local ones, both or neither."""

from __future__ import annotations

from dataclasses import replace

from questionnaires.coverage import asked, coverage, missing
from questionnaires.framework import (
    AreaModel,
    Benchmark,
    Covariate,
    Domain,
    Framework,
    Headline,
    IndexLayer,
    IndexScore,
    Indicator,
    SubDomain,
)
from questionnaires.loading import FRAMEWORKS, LIBRARY, find, load, load_framework


def local(code: str) -> Indicator:
    return Indicator(code=code, title=code, polarity=1, item=f"q_{code}")


def national(code: str) -> Indicator:
    return Indicator(code=code, title=code, polarity=1, benchmark=Benchmark(layer="ons", indicator=code))


SUBDOMAINS = (
    SubDomain(code="one", title="One", indicators=(local("a"), national("A"))),
    SubDomain(code="two", title="Two", indicators=(local("b"),)),
    SubDomain(code="three", title="Three", index=(IndexScore(layer="hi", indicator="c"),)),
    SubDomain(code="four", title="Four"),
)
FRAMEWORK = Framework(
    id="f",
    version="1",
    title="F",
    layers=(IndexLayer(id="hi", title="Index"),),
    headlines=(Headline(code="h", title="H", domains=(Domain(code="d", title="D", subdomains=SUBDOMAINS),)),),
    index=(IndexScore(layer="hi", indicator="overall"),),
)
HELD = {"ons": {"A", "unused"}, "hi": {"c"}}


def states(found: object) -> dict[str, str]:
    return {each.subdomain: each.state for each in found}


def test_each_sub_domain_is_in_one_of_four_states() -> None:
    found = coverage(FRAMEWORK, HELD)
    assert states(found) == {"one": "both", "two": "local", "three": "national", "four": "neither"}
    assert found[0].national == ("ons: A",)
    assert found[0].local == ("a",)


def test_what_is_not_asked_or_not_held_does_not_count() -> None:
    assert states(coverage(FRAMEWORK, HELD, asked={"q_b"})) == {
        "one": "national",
        "two": "local",
        "three": "national",
        "four": "neither",
    }
    assert set(states(coverage(FRAMEWORK, {}, asked=())).values()) == {"neither"}


def test_the_score_of_a_domain_does_not_stand_for_its_sub_domains() -> None:
    [headline] = FRAMEWORK.headlines
    domain = replace(headline.domains[0], index=(IndexScore(layer="hi", indicator="c"),))
    other = replace(FRAMEWORK, headlines=(replace(headline, domains=(domain,)),))
    assert states(coverage(other, HELD))["four"] == "neither"


def test_names_that_no_layer_holds_are_told() -> None:
    assert [(one.layer, one.indicator, one.used_by) for one in missing(FRAMEWORK, HELD)] == [
        ("hi", "overall", "")
    ]
    assert len(missing(FRAMEWORK, {})) == 3
    model = AreaModel(level="ward", covariates=(Covariate(layer="imd", indicator="score"),))
    [_overall, wanted] = missing(replace(FRAMEWORK, models=(model,)), HELD)
    assert (wanted.layer, wanted.indicator, wanted.used_by) == ("imd", "score", "models.ward")


def test_the_shipped_survey_fills_safety_and_a_survey_of_nothing_does_not() -> None:
    core = load(find(LIBRARY, "thriving-places-core", "1.0"))
    framework = load_framework(FRAMEWORKS / "thriving-places.yaml")
    assert states(coverage(framework, {}, asked(core)))["safety"] == "local"
    assert states(coverage(framework, {"health-index": {"crime"}}, asked(core)))["safety"] == "both"
    bare = replace(core, sections=(), scores=())
    assert set(states(coverage(framework, {}, asked(bare))).values()) == {"neither"}
