"""What forms' expressions come to as conditions, and which cannot be said."""

from __future__ import annotations

import pytest

from questionnaires.xlsform.conditions import Scope, Target, condition, queried
from questionnaires.xlsform.expressions import UnsaidError, parse

AGE = Target("age", "integer", low=0, high=120)
SEX = Target("sex", "single_choice", {"male": 1, "female": 2})
LIKES = Target("likes", "multiple_choice", {"parks": 1, "shops": 2, "none": 3})
SLEEP = Target("sleep", "decimal", decimals=1, low=0, high=240)
BORN = Target("born", "date")
NAME = Target("name", "short_text")
TARGETS = {"age": AGE, "sex": SEX, "likes": LIKES, "sleep": SLEEP, "born": BORN, "name": NAME, "Adults": AGE}
SCOPE = Scope(TARGETS, {"older": parse("if(${age} >= 18, 'yes', 'no')")}, AGE)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("${sex} = 'male'", {"item": "sex", "in": [1]}),
        ("'male' = ${sex}", {"item": "sex", "in": [1]}),
        ("${sex} = ‘female’", {"item": "sex", "in": [2]}),
        ("${sex} != 'male'", {"never": {"item": "sex", "in": [1]}}),
        ("${sex} != ''", {"item": "sex", "answered": True}),
        ("string-length(${sex}) = 0", {"item": "sex", "answered": False}),
        ("${age} > 17", {"item": "age", "at-least": 18}),
        ("17 < ${age}", {"item": "age", "at-least": 18}),
        ("${age} < 17.5", {"item": "age", "at-most": 17}),
        ("${age} >= 0", {"item": "age", "answered": True}),
        ("${age} > 120", False),
        ("${age} = 30", {"item": "age", "in": [30]}),
        ("${sleep} <= 6.5", {"item": "sleep", "at-most": 6.5}),
        ("${sleep} < 6.5", {"item": "sleep", "at-most": 6.4}),
        ("${born} >= date('2000-01-31')", {"item": "born", "at-least": "2000-01-31"}),
        ("${Adults} < ${age}", {"item": "age", "less-than": "age"}),
        ("selected(${likes}, 'parks')", {"item": "likes", "in": [1]}),
        ("count-selected(${likes}) >= 2", {"item": "likes", "chosen-at-least": 2}),
        ("count-selected(${likes}) < 2", {"never": {"item": "likes", "chosen-at-least": 2}}),
        ("not(selected(${likes}, 'shops'))", {"never": {"item": "likes", "in": [2]}}),
        ("true() and ${sex} = 'male'", {"item": "sex", "in": [1]}),
        ("0", False),
        (
            "${sex} = 'male' and (${age} > 17 or ${age} = 3)",
            {
                "every": [
                    {"item": "sex", "in": [1]},
                    {"some": [{"item": "age", "at-least": 18}, {"item": "age", "in": [3]}]},
                ]
            },
        ),
        ("${older} = 'yes'", {"item": "age", "at-least": 18}),
        ("${older} = 'no'", {"never": {"item": "age", "at-least": 18}}),
    ],
)
def test_a_condition_is_said(written: str, said: object) -> None:
    assert condition(parse(written), SCOPE) == said


@pytest.mark.parametrize(
    "written",
    [
        "${name} = 'Ann'",
        "regex(${name}, '.*')",
        "${later} = 1",
        "${sex} = 'neither'",
        "${age} + 1",
        "${age} >",
        "${age} > ${sex}",
        "pulldata('a', 'b')",
        "((((",
        "because it doesn't",
        "(" * 500 + "1" + ")" * 500,
        " and ".join(["${age} > 1"] * 2000),
    ],
)
def test_what_cannot_be_said_is_said_to_be_so(written: str) -> None:
    with pytest.raises(UnsaidError):
        condition(parse(written), SCOPE)


def test_a_broken_constraint_never_queries_a_missing_answer() -> None:
    """The opposite of a bound is the other bound, not "never", which would hold where nothing was said."""
    assert queried(parse(". <= 20"), SCOPE) == {"item": "age", "at-least": 21}
    assert queried(parse(". > 3 and . != 50"), SCOPE) == {
        "some": [{"item": "age", "at-most": 3}, {"item": "age", "in": [50]}]
    }
    assert queried(parse("not(. = 50)"), SCOPE) == {"item": "age", "in": [50]}
    assert queried(parse(". <= ${Adults}"), SCOPE) == {"item": "age", "more-than": "age"}
