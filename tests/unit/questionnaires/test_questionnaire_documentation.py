"""The format's documentation names every key, kind, problem and fault, and its example loads."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from questionnaires import framework, loading, model
from questionnaires.faults import AnswerFault
from questionnaires.kinds import KINDS
from questionnaires.problems import ProblemCode
from questionnaires.routing import OPERATORS

DOCUMENT = Path(__file__).parents[3] / "docs" / "questionnaire-format.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
NOT_KEYS = {"digest", "memo", "grid", "also_under"}  # worked out from the file, not written in it


def test_the_example_loads_and_shows_most_of_the_format(tmp_path):
    (example,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    path = tmp_path / "questionnaire.yaml"
    path.write_text(example, encoding="utf-8")
    found = loading.load(path)
    assert len(list(found.items())) == 6
    assert [score.code for score in found.scores] == ["content"]


@pytest.mark.parametrize(
    "noun",
    [
        model.Questionnaire,
        model.Section,
        model.Item,
        model.Option,
        model.Scale,
        model.Source,
        model.Score,
        model.Margin,
        model.Check,
        model.Media,
        model.Agreement,
        model.Case,
        model.Term,
        model.Support,
        framework.Framework,
        framework.Headline,
        framework.Domain,
        framework.SubDomain,
        framework.Indicator,
        framework.Benchmark,
        framework.Composite,
        framework.Part,
    ],
)
def test_every_key_is_documented(noun):
    for field in fields(noun):
        assert field.name in NOT_KEYS or re.search(rf"`{field.name}\b", TEXT), f"{noun.__name__}.{field.name}"


@pytest.mark.parametrize(
    "names",
    [
        list(KINDS),
        list(ProblemCode),
        list(AnswerFault),
        list(model.Purpose),
        list(model.ScoreMethod),
        list(OPERATORS),
        list(model.ComputeMethod),
        list(model.OnePer),
        list(model.MediaKind),
    ],
    ids=["kinds", "problems", "faults", "purposes", "methods", "relations", "computing", "pages", "media"],
)
def test_every_name_is_documented(names):
    for name in names:
        assert re.search(rf"`{name}[`:]", TEXT), name


HEADINGS = ["What it is for", "Keys", "What is stored", "What is counted", "On paper"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_page_whose_example_loads(kind, tmp_path, frameworks):
    text = (DOCUMENT.parent / "kinds" / f"{kind}.md").read_text(encoding="utf-8")
    assert f"(kinds/{kind}.md)" in TEXT
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    keys = text.partition("## Keys")[2].partition("## What is stored")[0]
    for key in sorted(KINDS[kind].allowed - {"order"}):
        assert f"`{key}`" in keys or f"`{key}:" in keys, key
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "questionnaire.yaml"
    head = 'format: 1\nid: x\nversion: "1"\ntitle: X\nlanguage: en\nframework: tiny\n'
    body = "".join(f"      {line}\n" for line in example.splitlines())
    path.write_text(f"{head}sections:\n  - code: page\n    title: P\n    items:\n{body}", encoding="utf-8")
    assert kind in {item.kind for item in loading.load(path, frameworks).items()}
