"""A release as a document."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from analysis.national import NationalLayer
from analysis.release import from_json, national_for
from questionnaires.framework import IndexLayer, IndexScore
from tests.unit.analysis.samples import WARDS, built, england, framework, reference, tallied

RELEASE = built(tallied(dict.fromkeys(WARDS, 60))).release


def test_a_release_comes_back_as_it_was() -> None:
    again = from_json(RELEASE.to_json())
    assert again == RELEASE
    assert again.digest == RELEASE.digest


def test_a_release_from_before_sources_were_kept_has_the_digest_it_always_had() -> None:
    bare = replace(RELEASE, sources={})
    assert '"sources"' not in bare.to_json()
    assert from_json(bare.to_json()).sources == {}
    assert from_json(bare.to_json()).digest == bare.digest != RELEASE.digest


def test_scores_of_an_index_come_back_and_change_no_release_without_them() -> None:
    about = IndexLayer(id="hi", title="Health Index", scale="100 = then")
    indexed = replace(framework(), layers=(about,), index=(IndexScore(layer="hi", indicator="overall"),))
    health = NationalLayer(
        id="hi", source="Its office", values={("North", "overall"): 101.3}, periods={"overall": "2021"}
    )
    given = replace(reference(), national=(england(), health))
    made = built(tallied(dict.fromkeys(WARDS, 60)), framework=indexed, reference=given).release
    [score] = made.index
    assert (score.area, score.node, score.value, score.period) == ("North", "", 101.3, "2021")
    assert made.sources == RELEASE.sources | {"hi": "Its office"}
    assert from_json(made.to_json()) == made
    assert made.figures == RELEASE.figures, "no local figure is touched by it"
    assert '"index":' not in RELEASE.to_json()


def test_the_source_of_a_layer_is_told_only_where_the_framework_uses_it() -> None:
    assert RELEASE.sources == {"england": "Office for Figures, OGL v3"}
    assert from_json(RELEASE.to_json()).sources == RELEASE.sources
    unused = NationalLayer(id="moon", source="Moon office")
    unsaid = replace(england(), source="")
    for layers, told in (((england(), unused), RELEASE.sources), ((unsaid,), {})):
        made = built(tallied(dict.fromkeys(WARDS, 60)), reference=replace(reference(), national=layers))
        assert made.release.sources == told


def test_the_document_is_plain_json_without_exact_numbers_of_numpy_or_nan() -> None:
    json.loads(RELEASE.to_json(), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_a_neighbourhood_inherits_its_districts_national_figure_by_name() -> None:
    held = national_for(RELEASE, "N1", "satisfied")
    assert held is not None
    assert (held.area, held.value) == ("North", 7.6)
    assert national_for(RELEASE, "S1", "jobs") is None
    assert national_for(RELEASE, "C", "satisfied") is None, (
        "an area is not given the figure of one of its parts"
    )
    with pytest.raises(KeyError):
        national_for(RELEASE, "Atlantis", "satisfied")
