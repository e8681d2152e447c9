"""From answers to a kept response: pruning, scores, the weighting cell and the snapshot row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.tallies import MISSING_CODES
from questionnaires import answering, loading
from questionnaires.answers import SNAPSHOT_CODES, Missing, from_json, to_json
from questionnaires.faults import Policy
from questionnaires.kinds import KINDS

CORE = loading.load(loading.find(loading.LIBRARY, "thriving-places-core", "1.0"))
ITEMS = tuple(CORE.items())
NOT_ASKED, NO = Missing.NOT_ASKED, Missing.NOT_ANSWERED
DECLINED, INVALID = Missing.PREFER_NOT_TO_SAY, Missing.INVALID_MARK

# What people type, click and forge: numbers in several scripts, codes, control characters, anything.
raw_value = st.one_of(
    st.integers(-3, 25).map(str),
    st.lists(st.integers(0, 20).map(str), max_size=4).map(" ".join),
    st.sampled_from(
        ["", " ", "/", "//", "prefer-not-to-say", "٣", "৩", "²", "1,", "+", "-", "−1", "CM1 1GT", "9" * 5000]
    ),
    st.text(max_size=30),
    st.characters(categories=["Cs", "Cc", "Cf"]),
)
raws = st.dictionaries(
    st.sampled_from([item.code for item in ITEMS] + ["no_such_item"]),
    st.lists(raw_value, max_size=4),
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(raw=raws, policy=st.sampled_from(Policy))
def test_reading_never_fails_and_what_it_read_can_be_finished(raw, policy):
    reading = answering.read(ITEMS, raw, policy, {})
    codes = {item.code for item in ITEMS}
    assert set(reading.answers) <= codes
    assert {fault.item for fault in reading.problems} <= codes
    assert not set(reading.answers) & {fault.item for fault in reading.problems}

    done = answering.finish(CORE, reading.answers)
    assert answering.finish(CORE, done) == done
    assert from_json(to_json(done)) == done
    assert set(done) == (codes - {"postcode"}) | {score.code for score in CORE.scores}
    row = answering.snapshot_row(CORE, done)
    assert tuple(row) == answering.snapshot_columns(CORE)
    assert all(-4 <= value <= 9999 for value in row.values())
    assert set(answering.weighting_cell(CORE, done)) == {"age", "sex", "ethnic_group", "tenure"}


@settings(max_examples=100, deadline=None)
@given(raw=raws)
def test_paper_never_blocks_on_a_blank_a_smudge_or_two_ticks(raw):
    blanks = {code: ["/"] for code in raw}
    reading = answering.read(ITEMS, blanks, Policy.AS_WRITTEN)
    assert reading.problems == ()
    assert set(reading.answers.values()) <= {INVALID, NO}
    pairs = {item.code: [" ".join(str(c) for c in KINDS[item.kind].codes(item)[:2])] for item in ITEMS}
    assert answering.read(ITEMS, pairs, Policy.AS_WRITTEN).problems == ()


def test_the_snapshot_stores_missing_reasons_as_analysis_reads_them():
    assert {reason.value: code for reason, code in SNAPSHOT_CODES.items()} == MISSING_CODES


def test_unreached_is_not_asked_and_unanswered_is_named():
    done = answering.finish(CORE, {"work_status": 7, "job_secure": 1, "life_sat": 0, "unknown": 5})
    assert (done["job_secure"], done["good_work"]) == (NOT_ASKED, NOT_ASKED)
    assert (done["life_sat"], done["happy"]) == (0, NO)
    assert "unknown" not in done


def test_the_postcode_leaves_no_trace():
    for postcode in ("CM11GT", DECLINED, NO):
        assert "postcode" not in answering.finish(CORE, {"postcode": postcode})
        assert "CM11GT" not in str(answering.snapshot_row(CORE, {"postcode": postcode}))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # food: any of three, every one answered
        ({"food_smaller": 2, "food_hungry": 2, "food_day": 2}, ("food_insecure", 0)),
        ({"food_smaller": 2, "food_hungry": 1, "food_day": 2}, ("food_insecure", 1)),
        ({"food_smaller": 1, "food_hungry": 1}, ("food_insecure", NO)),
        ({"food_smaller": INVALID, "food_hungry": 1, "food_day": DECLINED}, ("food_insecure", DECLINED)),
        # good work: every one of three, of those in work; "don't know" is not an answer to it
        ({"work_status": 1, "job_secure": 1, "job_hours": 1, "job_pay": 1}, ("good_work", 1)),
        ({"work_status": 1, "job_secure": 1, "job_hours": 2, "job_pay": 1}, ("good_work", 0)),
        ({"work_status": 1, "job_secure": 1, "job_hours": 1, "job_pay": 3}, ("good_work", NO)),
        ({"work_status": 3, "job_secure": 1, "job_hours": 1, "job_pay": 1}, ("good_work", NOT_ASKED)),
        ({"work_status": DECLINED}, ("good_work", NOT_ASKED)),
        # learning: any option of a multiple choice but "none"
        ({"learning": (2, 4)}, ("learned", 1)),
        ({"learning": (5,)}, ("learned", 0)),
        ({"learning": DECLINED}, ("learned", DECLINED)),
        # disabled: a condition, that reduces activities a lot or a little
        ({"health_condition": 1, "condition_reduces": 1}, ("disabled", 1)),
        ({"health_condition": 1, "condition_reduces": 3}, ("disabled", 0)),
        ({"health_condition": 2}, ("disabled", 0)),
        ({"health_condition": 2, "condition_reduces": 1}, ("disabled", 0)),
        ({"health_condition": 1}, ("disabled", NO)),
        ({"health_condition": DECLINED}, ("disabled", DECLINED)),
    ],
)
def test_scores_of_the_core_questionnaire(answers, expected):
    code, value = expected
    assert answering.finish(CORE, answers)[code] == value


LONELY = """\
scores:
  - {code: total, method: sum, items: [q1, q2, q3]}
  - {code: prorated, method: sum, items: [q1, q2, q3], minimum_answered: 2}
  - {code: often, method: count, items: [q1, q2, q3], codes: [3], minimum_answered: 1}
sections:
  - code: page
    title: Page
    items:
""" + "".join(
    f"""\
      - code: q{n}
        kind: likert
        purpose: context
        text: Question {n}
        options: [{{code: 1, text: Hardly ever}}, {{code: 2, text: Sometimes}}, {{code: 3, text: Often}}]
"""
    for n in (1, 2, 3)
)


@pytest.mark.parametrize(
    ("answers", "total", "prorated", "often"),
    [
        ((1, 2, 3), 6, 6, 1),
        ((3, 3, 3), 9, 9, 3),
        ((1, 2, NO), NO, 5, 0),  # 3 / 2 x 3 = 4.5, halves up
        ((3, 3, INVALID), INVALID, 9, 2),
        ((3, NO, NO), NO, NO, 1),
        ((NO, NO, DECLINED), DECLINED, DECLINED, DECLINED),
    ],
)
def test_sums_and_counts(answers, total, prorated, often, load_text):
    questionnaire = load_text(LONELY)
    done = answering.finish(questionnaire, dict(zip(("q1", "q2", "q3"), answers, strict=True)))
    assert (done["total"], done["prorated"], done["often"]) == (total, prorated, often)


def test_the_weighting_cell_names_levels_and_leaves_what_is_not_stated_empty():
    answers = {"age_band": 5, "sex": 1, "ethnic_group": 12, "tenure": 3}
    assert answering.weighting_cell(CORE, answers) == {
        "age": "65+",
        "sex": "F",
        "ethnic_group": "asian",
        "tenure": "owned",
    }
    assert answering.weighting_cell(CORE, {"age_band": DECLINED, "sex": INVALID}) == dict.fromkeys(
        ("age", "sex", "ethnic_group", "tenure"), ""
    )


def test_consent_is_every_required_consent():
    assert answering.consented(CORE, {"consent_take_part": 1, "consent_results": 1, "consent_research": 2})
    assert not answering.consented(CORE, {"consent_take_part": 1, "consent_results": NO})


def test_a_resident_is_not_asked_what_routing_skips_but_paper_is_taken_down_whole():
    job = CORE.item("condition_reduces")
    raw = {"condition_reduces": ["1"]}
    assert answering.read([job], raw, Policy.SELF, {"health_condition": 2}).answers == {}
    assert answering.read([job], raw, Policy.SELF, {"health_condition": 1}).answers == {
        "condition_reduces": 1
    }
    paper = answering.read([job], raw, Policy.AS_WRITTEN, {"health_condition": 2})
    assert paper.answers == {"condition_reduces": 1}
    assert answering.finish(CORE, {**paper.answers, "health_condition": 2})["condition_reduces"] is NOT_ASKED


def test_every_problem_of_a_page_is_reported_at_once():
    page = [
        CORE.item(code) for code in ("consent_take_part", "life_sat", "active_days", "postcode", "comments")
    ]
    raw = {"life_sat": ["11"], "active_days": ["8"], "postcode": ["here"], "comments": ["x" * 2001]}
    reading = answering.read(page, raw, Policy.SELF, {})
    assert [f"{fault.item} {fault.fault}" for fault in reading.problems] == [
        "consent_take_part consent-needed",
        "life_sat not-an-option",
        "active_days out-of-range",
        "postcode bad-postcode",
        "comments too-long",
    ]
