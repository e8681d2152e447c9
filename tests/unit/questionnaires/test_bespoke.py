"""Files of bespoke indicators: read, written back, and every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from questionnaires import bespoke, loading, writing
from questionnaires.bespoke import Definition
from questionnaires.framework import Composite, Part, Statistic
from questionnaires.loading import FRAMEWORKS, LIBRARY
from questionnaires.problems import FileRefusedError, Problem

SHIPPED = LIBRARY / "thriving-places-core" / "indicators.yaml"
HEAD = "format: 1\nquestionnaire: thriving-places-core\nmade_by: Us\nindicators:\n"
GOOD = """\
  - code: fine_home
    title: A fine home
    under: [housing]
    polarity: 1
    composite:
      parts:
        - {item: warm, codes: [1]}
        - {item: damp, codes: [2]}
"""
ITEM = """\
  - code: calm
    title: Calm
    under: [mental_health, safety]
    polarity: -1
    item: anxious
    statistic: mean
"""

Load = Callable[[str], tuple[Definition, ...]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def loaded(text: str) -> tuple[Definition, ...]:
        path = tmp_path / "indicators.yaml"
        path.write_text(text, encoding="utf-8")
        return loading.load_bespoke(path)

    return loaded


def problems(load: Load, text: str) -> list[Problem]:
    with pytest.raises(FileRefusedError) as refused:
        load(text)
    return refused.value.problems


def test_the_example_that_is_shipped() -> None:
    assert loading.is_bespoke(SHIPPED)
    (found,) = loading.load_bespoke(SHIPPED)
    assert found.under == ("housing", "overall_health")
    assert found.indicator.made_by == "Mid Essex Alliance"
    assert found.indicator.composite == Composite(
        parts=(
            Part(item="general_health", codes=(1, 2)),
            Part(item="warm", codes=(1,)),
            Part(item="damp", codes=(2,)),
        ),
        at_least=3,
    )
    assert (found.indicator.statistic, found.indicator.codes) == (Statistic.PROPORTION, (1,))


def test_the_example_in_the_documentation(load: Load) -> None:
    text = (Path(__file__).parents[3] / "docs" / "indicators.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (found,) = load(example)
    (shipped,) = loading.load_bespoke(SHIPPED)
    assert found.indicator.composite == shipped.indicator.composite


def test_a_framework_or_questionnaire_is_none() -> None:
    paths = [
        FRAMEWORKS / "thriving-places.yaml",
        LIBRARY / "thriving-places-core" / "1.0" / "questionnaire.yaml",
    ]
    assert not any(loading.is_bespoke(path) for path in paths)


def test_all_parts_are_needed_unless_the_file_says_how_many(load: Load) -> None:
    (all_,) = load(HEAD + GOOD)
    (any_,) = load(HEAD + GOOD + "      at_least: 1\n")
    assert [d.indicator.composite.at_least for d in (all_, any_) if d.indicator.composite] == [2, 1]
    assert all_.digest != any_.digest


def test_written_as_a_file_or_as_json_and_read_again_it_is_the_same(load: Load) -> None:
    found = load(HEAD + GOOD + ITEM)
    assert [bespoke.from_json(bespoke.to_json(each)) for each in found] == list(found)
    text = writing.text(
        {
            "format": 1,
            "questionnaire": "thriving-places-core",
            "indicators": [bespoke.as_dict(each) for each in found],
        }
    )
    assert load(text) == found


def test_in_a_framework_it_stands_once_and_names_where_else_it_is_shown(load: Load) -> None:
    framework = loading.load_framework(FRAMEWORKS / "thriving-places.yaml")
    found = load(HEAD + ITEM)
    merged = bespoke.merged(framework, found)
    (place,) = [(s.code, i) for _, _, s, i in merged.indicators() if i.code == "calm"]
    assert (place[0], place[1].also_under, place[1].digest) == ("mental_health", ("safety",), found[0].digest)
    assert len(list(merged.indicators())) == len(list(framework.indicators())) + 1
    assert merged.digest == framework.digest


def test_what_a_later_framework_no_longer_has_room_for_is_left_out(load: Load) -> None:
    tiny = loading.load_framework(Path(__file__).parent / "frameworks" / "tiny.yaml")
    assert bespoke.merged(tiny, load(HEAD + GOOD)) == tiny


def test_a_composite_in_words(load: Load) -> None:
    (found,) = load(HEAD + GOOD)
    asked = loading.load(LIBRARY / "thriving-places-core" / "1.0" / "questionnaire.yaml")
    assert found.indicator.composite
    assert bespoke.said(found.indicator.composite, asked) == (
        "All of these hold: During the cold winter weather, can you normally keep comfortably warm in your "
        "living room? (Yes); Does your home have a problem with damp or mould? (No)"
    )


FAULTS = {
    "no questionnaire": ("format: 1\nmade_by: Us\nindicators: []\n", {"questionnaire missing-key"}),
    "one that is not there": (
        "format: 1\nquestionnaire: nowhere # <-\nmade_by: Us\nindicators:\n" + GOOD,
        {"questionnaire unknown-questionnaire"},
    ),
    "nobody made it": (
        HEAD.replace("made_by: Us\n", "") + GOOD,
        {"indicators.fine_home.made_by missing-key"},
    ),
    "unknown key": (HEAD + GOOD + "    colour: red\n", {"indicators.fine_home.colour unknown-key"}),
    "code of another": (HEAD + GOOD + GOOD, {"indicators.fine_home.code duplicate-code"}),
    "code of the framework's": (
        HEAD + GOOD.replace("fine_home", "cold_home"),
        {"indicators.cold_home.code duplicate-code"},
    ),
    "code that is none": (
        HEAD + GOOD.replace("fine_home", "Fine home"),
        {"indicators.Fine home.code bad-code"},
    ),
    "polarity": (
        HEAD + GOOD.replace("polarity: 1", "polarity: 2"),
        {"indicators.fine_home.polarity bad-indicator"},
    ),
    "sub-domain": (
        HEAD + GOOD.replace("[housing]", "[houses]"),
        {"indicators.fine_home.under unknown-subdomain"},
    ),
    "sub-domain twice": (
        HEAD + GOOD.replace("[housing]", "[housing, housing]"),
        {"indicators.fine_home.under bad-indicator"},
    ),
    "nowhere": (
        HEAD + GOOD.replace("    under: [housing]\n", ""),
        {"indicators.fine_home.under missing-key"},
    ),
    "item and composite": (
        HEAD + GOOD + "    item: warm\n",
        {"indicators.fine_home.item bad-indicator"},
    ),
    "neither": (
        HEAD + ITEM.replace("    item: anxious\n    statistic: mean\n", ""),
        {"indicators.calm.code bad-indicator"},
    ),
    "sentence without a number": (
        HEAD + ITEM + "    sentence: People are calm.\n",
        {"indicators.calm.sentence bad-indicator"},
    ),
    "title too long": (
        HEAD + ITEM.replace("title: Calm", f"title: {'Calm ' * 20}"),
        {"indicators.calm.title bad-indicator"},
    ),
    "one part": (
        HEAD + GOOD.replace("        - {item: damp, codes: [2]}\n", ""),
        {"indicators.fine_home.composite.parts bad-indicator"},
    ),
    "too many needed": (
        HEAD + GOOD + "      at_least: 3\n",
        {"indicators.fine_home.composite.at_least bad-indicator"},
    ),
    "none needed": (
        HEAD + GOOD + "      at_least: 0\n",
        {"indicators.fine_home.composite.at_least bad-indicator"},
    ),
    "part twice": (
        HEAD + GOOD.replace("item: damp", "item: warm"),
        {"indicators.fine_home.composite.parts.warm.item bad-indicator"},
    ),
    "item that is not asked": (
        HEAD + GOOD.replace("item: damp", "item: dampp"),
        {"indicators.fine_home.composite.parts.dampp.item unknown-item"},
    ),
    "text": (
        HEAD + ITEM.replace("anxious", "postcode"),
        {"indicators.calm.item unknown-item"},
    ),
    "answer that is none": (
        HEAD + GOOD.replace("codes: [2]", "codes: [5]"),
        {"indicators.fine_home.composite.parts.damp.codes unknown-option"},
    ),
    "every answer": (
        HEAD + GOOD.replace("codes: [2]", "codes: [1, 2]"),
        {"indicators.fine_home.composite.parts.damp.codes bad-indicator"},
    ),
    "no answer": (
        HEAD + GOOD.replace(", codes: [2]", ""),
        {"indicators.fine_home.composite.parts.damp.codes bad-indicator"},
    ),
    "mean of a choice": (
        HEAD + ITEM.replace("anxious", "warm"),
        {"indicators.calm.statistic bad-indicator"},
    ),
    "mean with codes": (HEAD + ITEM + "    codes: [1]\n", {"indicators.calm.codes bad-indicator"}),
    "share without codes": (
        HEAD + ITEM.replace("mean", "proportion"),
        {"indicators.calm.codes bad-indicator"},
    ),
    "share of a score without codes": (
        HEAD + ITEM.replace("anxious", "food_insecure").replace("mean", "proportion"),
        {"indicators.calm.codes bad-indicator"},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_place_and_a_remedy(load: Load, name: str) -> None:
    text, expected = FAULTS[name]
    found = problems(load, text)
    assert {f"{each.key} {each.code.value}" for each in found} == expected, [str(each) for each in found]
    lines = text.splitlines()
    for each in found:
        assert 1 <= each.line <= len(lines)
        assert each.cause.endswith(".")
        assert each.remedy.endswith((".", "?"))


def test_all_faults_come_at_once_each_on_its_line(load: Load) -> None:
    text = (
        HEAD
        + GOOD.replace("[housing]", "[houses]").replace("codes: [2]", "codes: [5]")
        + ITEM.replace("-1", "0")
    )
    found = problems(load, text)
    lines = text.splitlines()
    assert [(lines[each.line - 1].split(":")[0].strip(" -"), each.code.value) for each in found] == [
        ("under", "unknown-subdomain"),
        ("{item", "unknown-option"),
        ("polarity", "bad-indicator"),
    ]
