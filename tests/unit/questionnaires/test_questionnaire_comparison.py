from __future__ import annotations

import pytest

from questionnaires import comparison

OLD = """\
margins:
  - {name: sex, item: sex, levels: [F, M]}
scores:
  - {code: total, method: sum, items: [mood]}
sections:
  - code: page
    title: Page
    items:
      - code: mood
        kind: scale
        purpose: context
        text: How are you?
        scale: {low: 0, high: 10, low_label: Bad, high_label: Good}
      - code: sex
        kind: single_choice
        purpose: weighting
        margin: sex
        text: What is your sex?
        source: {text: Census, licence: OGL v3}
        options:
          - {code: 1, text: Female, level: F}
          - {code: 2, text: Male, level: M}
"""
MORE = "      - {code: more, kind: long_text, purpose: context, text: More?}\n"


@pytest.mark.parametrize(
    ("before", "after", "change", "breaks"),
    [
        (
            "How are you?",
            "How goes it?",
            "item mood: text changed from 'How are you?' to 'How goes it?'",
            True,
        ),
        ("high: 10", "high: 5", "item mood: scale changed", True),
        (
            "        text: How",
            "        required: true\n        text: How",
            "item mood: required changed from False",
            False,
        ),
        ("text: Male,", "text: Man,", "item sex: option 2 changed: 'Male' to 'Man'", True),
        ("code: 2,", "code: 3,", "item sex: option 2 removed: 'Male'", True),
        ("method: sum", "method: count, codes: [1]", "score total: made in another way", True),
        ("  - {code: total, method: sum, items: [mood]}", "  []", "score total: removed", True),
        ("      - code: sex", MORE + "      - code: sex", "item more: added", False),
    ],
)
def test_change(before, after, change, breaks, load_text):
    old = load_text(OLD)
    found = comparison.changes(old, load_text(OLD.replace(before, after, 1)))
    matching = [each for each in found if str(each)[2:].startswith(change)]
    assert [each.breaks for each in matching] == [breaks]
    assert all(str(each).startswith("! " if each.breaks else "  ") for each in found)


def test_removing_and_reordering_break_comparison(load_text):
    old, same = load_text(OLD + MORE), load_text(OLD)
    assert [str(change) for change in comparison.changes(old, same)] == ["! item more: removed"]
    moved = load_text(OLD.replace("      - code: sex", MORE + "      - code: sex"))
    assert [str(change) for change in comparison.changes(old, moved)] == [
        "! questionnaire test-survey: the order of the items changed"
    ]
    swapped = OLD.replace("{code: 1, text: Female, level: F}", "{code: 2, text: Male, level: M}", 1)
    head, tail = swapped.rsplit("{code: 2, text: Male, level: M}", 1)
    other = load_text(head + "{code: 1, text: Female, level: F}" + tail)
    assert [str(change) for change in comparison.changes(same, other)] == [
        "! item sex: the order of the options changed"
    ]


def test_nothing_changed(load_text):
    assert comparison.changes(load_text(OLD), load_text(OLD)) == []
