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
            False,
        ),
        ("high: 10", "high: 5", "item mood: scale changed", True),
        (
            "        text: How",
            "        required: true\n        text: How",
            "item mood: required changed from False",
            False,
        ),
        ("text: Male,", "text: Man,", "item sex: option 2 changed: 'Male' to 'Man'", False),
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
    assert all(str(each).startswith("! ") == each.breaks for each in found)


def test_removing_breaks_comparison_and_reordering_calls_for_care(load_text):
    old, same = load_text(OLD + MORE), load_text(OLD)
    assert [str(change) for change in comparison.changes(old, same)] == ["! item more: removed"]
    moved = load_text(OLD.replace("      - code: sex", MORE + "      - code: sex"))
    assert [str(change) for change in comparison.changes(old, moved)] == [
        "~ questionnaire test-survey: the order of the items changed"
    ]
    swapped = OLD.replace("{code: 1, text: Female, level: F}", "{code: 2, text: Male, level: M}", 1)
    head, tail = swapped.rsplit("{code: 2, text: Male, level: M}", 1)
    other = load_text(head + "{code: 1, text: Female, level: F}" + tail)
    assert [str(change) for change in comparison.changes(same, other)] == [
        "~ item sex: the order of the options changed"
    ]


def test_nothing_changed(load_text):
    assert comparison.changes(load_text(OLD), load_text(OLD)) == []


def verdict_of(old, new) -> dict[str, str]:
    return {each.code: each.verdict.value for each in comparison.verdicts(old, new)}


@pytest.mark.parametrize(
    ("before", "after", "mood", "total"),
    [
        ("title: Page", "title: Sheet", "comparable", "comparable"),
        ("How are you?", "How goes it?", "comparable-with-care", "comparable-with-care"),
        ("        text: How", "        note: Ask gently\n        text: How", "comparable", "comparable"),
        ("high: 10", "high: 5", "not-comparable", "not-comparable"),
        ("method: sum", "method: count, codes: [1]", "comparable", "not-comparable"),
    ],
)
def test_the_verdict_on_an_item_and_on_the_score_made_of_it(before, after, mood, total, load_text):
    old = load_text(OLD)
    found = verdict_of(old, load_text(OLD.replace(before, after, 1)))
    assert found == {"mood": mood, "sex": "comparable", "total": total}


ROUTED = (
    OLD
    + """\
  - code: later
    title: Later
    items:
      - code: why
        kind: long_text
        purpose: context
        text: Why?
        when: {item: mood, at-most: 3}
"""
)


def test_who_is_asked_is_compared_also_where_the_section_or_an_answer_decides_it(load_text):
    old = load_text(ROUTED)
    assert verdict_of(old, load_text(ROUTED.replace("at-most: 3", "at-most: 4")))["why"] == (
        "comparable-with-care"
    )
    by_section = load_text(
        ROUTED.replace("    title: Later\n", "    title: Later\n    when: {item: sex, in: [1]}\n")
    )
    assert verdict_of(old, by_section)["why"] == "comparable-with-care"
    another_scale = load_text(ROUTED.replace("high: 10", "high: 5"))
    (why,) = [each for each in comparison.verdicts(old, another_scale) if each.code == "why"]
    assert [change.detail for change in why.changes] == ["who is asked depends on mood, which changed"]


def test_what_is_in_one_version_only(load_text):
    old, new = load_text(OLD), load_text(OLD.replace("      - code: sex", MORE + "      - code: sex"))
    assert verdict_of(old, new)["more"] == verdict_of(new, old)["more"] == "in-one-version-only"
