"""What is shipped: it loads, it covers the framework, and its parts fit each other."""

from __future__ import annotations

import pytest

from questionnaires import catalogue, loading
from questionnaires.kinds import KINDS
from questionnaires.model import Purpose

CORE = loading.load(loading.find(loading.LIBRARY, "thriving-places-core", "1.0"))
FRAMEWORK = loading.load_framework(loading.FRAMEWORKS / "thriving-places.yaml")


def test_everything_shipped_loads():
    entries = loading.library()
    assert [(entry.id, entry.version) for entry in entries] == [
        ("thriving-places-core", "1.0"),
        ("young-people", "1.0"),
    ]
    for entry in entries:
        assert (loading.load(entry.path).id, loading.load(entry.path).version) == (entry.id, entry.version)


def test_find_refuses_what_is_not_there_and_what_climbs_out():
    for id, version in [
        ("nothing", "1"),
        ("thriving-places-core", "9"),
        ("../library/thriving-places-core", "1.0"),
    ]:
        with pytest.raises(LookupError, match="no questionnaire"):
            loading.find(loading.LIBRARY, id, version)


def test_the_core_covers_every_domain_of_local_conditions_and_the_connection_to_nature():
    fed = {code for item in CORE.items() for code in item.subdomains}
    for headline, domain, _ in FRAMEWORK.subdomains():
        if headline.code == "local_conditions":
            assert fed & {subdomain.code for subdomain in domain.subdomains}, domain.title
    assert "human_environment_connection" in fed


def test_every_framework_item_feeds_an_indicator_of_a_subdomain_it_names():
    scores = {score.code: score.items for score in CORE.scores}
    feeds: dict[str, set[str]] = {}
    for _, _, subdomain, indicator in FRAMEWORK.indicators():
        for code in scores.get(indicator.item or "", (indicator.item or "",)):
            feeds.setdefault(code, set()).add(subdomain.code)
    for item in CORE.items():
        if item.purpose is Purpose.FRAMEWORK:
            assert feeds.get(item.code, set()) & set(item.subdomains), item.code


def test_every_local_indicator_is_answered_by_the_core():
    answered = {column for item in CORE.items() for column in KINDS[item.kind].columns(item)}
    answered |= {score.code for score in CORE.scores}
    assert {i.item for _, _, _, i in FRAMEWORK.indicators() if i.item} <= answered


def test_margins_are_named_as_population_files_name_them():
    assert {margin.name: margin.levels for margin in CORE.margins} == {
        "age": ("16-24", "25-34", "35-49", "50-64", "65+"),
        "sex": ("F", "M"),
        "ethnic_group": ("asian", "black", "mixed", "white", "other"),
        "tenure": ("owned", "social_rented", "private_rented"),
        "lad": (),
    }
    assert [margin.area_level for margin in CORE.margins if margin.item is None] == ["lad"]


def test_about_you_is_never_required_and_can_be_declined():
    for item in CORE.items():
        if item.purpose in {Purpose.WEIGHTING, Purpose.EQUALITY}:
            assert item.prefer_not_to_say, item.code
            assert not item.required, item.code


def test_the_framework_keeps_subdomains_without_national_data():
    shape = {h.title: [len(d.subdomains) for d in h.domains] for h in FRAMEWORK.headlines}
    assert shape == {
        "Local conditions": [4, 4, 2, 4, 3],
        "Sustainability": [1, 1, 1, 1],
        "Equality": [1, 1, 1, 1, 1, 1, 1],
    }
    layers = {i.benchmark.layer for _, _, _, i in FRAMEWORK.indicators() if i.benchmark}
    assert layers == {"ons-subnational"}


@pytest.mark.parametrize("source", [CORE, FRAMEWORK], ids=lambda source: source.id)
def test_translations_are_in_step_with_their_source(source):
    for path in sorted(catalogue.TRANSLATIONS.glob(f"*/LC_MESSAGES/{source.id}.po")):
        language = path.parent.parent.name
        assert catalogue.drift(language, source) == [], f"run catalogue.update for {language}"
