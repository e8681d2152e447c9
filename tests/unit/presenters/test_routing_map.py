from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from questionnaires import loading
from questionnaires.kinds import KINDS
from questionnaires.model import Purpose, Questionnaire
from survey_app.presenters import questionnaires as presenter
from survey_app.presenters.routing_map import ROW, routing_map

CORE = loading.load(loading.find(loading.LIBRARY, "thriving-places-core", "1.0"))


def load(folder: Path, count: int) -> Questionnaire:
    """A questionnaire of so many items, where every fifth reads the first, every seventh the one before."""
    text = (
        "format: 1\nid: big\nversion: '1'\ntitle: Big\nlanguage: en\nframework: thriving-places\nsections:\n"
    )
    for number in range(count):
        if number % 10 == 0:
            text += f"  - code: s{number}\n    title: Section {number}\n    items:\n"
        text += f"      - {{code: q{number}, kind: integer, purpose: context, text: How many?"
        text += ", minimum: 0, maximum: 9"
        if number and number % 5 == 0:
            text += ", when: {item: q0, at-least: 1}"
        elif number and number % 7 == 0:
            text += f", when: {{item: q{number - 1}, at-least: 1}}"
        text += "}\n"
    path = folder / "questionnaire.yaml"
    path.write_text(text)
    return loading.load(path)


def test_the_shipped_questionnaire_has_its_two_lines() -> None:
    drawn = routing_map(CORE)
    assert [(line.code, len(line.ends)) for line in drawn.lines] == [
        ("work_status", 1),
        ("health_condition", 1),
    ]
    rows = {node.code: node for node in drawn.nodes}
    assert drawn.lines[0].ends == (rows["job"].y,)
    assert rows["condition_reduces"].reads == rows["health_condition"].number
    assert drawn.lines[0].x == drawn.lines[1].x, "a lane is used again where the earlier line has ended"


def test_nothing_overlaps_with_two_hundred_items(tmp_path: Path) -> None:
    drawn = routing_map(load(tmp_path, 200))
    items = [node.y for node in drawn.nodes if not node.heading]
    assert len(items) == 200
    assert min(after - before for before, after in pairwise(items)) == ROW
    assert drawn.height > items[-1]
    for line in drawn.lines:
        assert line.start < line.ends[0]
        for other in drawn.lines:
            if other is not line and other.x == line.x:
                assert line.ends[-1] < other.start or other.ends[-1] < line.start
        assert line.x < drawn.width
    assert len(next(line for line in drawn.lines if line.code == "q0").ends) == 39


def test_every_kind_and_purpose_has_words() -> None:
    assert set(presenter.KINDS) == set(KINDS)
    assert set(presenter.PURPOSES) == set(Purpose)


@pytest.mark.parametrize("code", ["job", "condition_reduces"])
def test_the_list_beside_the_map_says_the_same(code: str) -> None:
    from flask import Flask

    from survey_app.extensions import babel

    app = Flask("words")
    babel.init_app(app)
    with app.test_request_context():
        found = {route.code: route for route in presenter.routes(CORE)}
    assert set(found) == {"job", "condition_reduces"}
    assert "at question" in found[code].condition
