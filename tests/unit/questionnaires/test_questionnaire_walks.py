"""Anybody's way through any questionnaire: it ends, and what is left is whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import snapshot
from questionnaires import answering, conditions, loading, paging, routing
from questionnaires.answers import Missing, from_json, to_json
from questionnaires.faults import Policy
from questionnaires.kinds import KINDS
from questionnaires.model import OnePer, Questionnaire, Section
from tests import deep

HERE = Path(__file__).parent
EVERY_KIND = loading.load(HERE / "every-kind" / "questionnaire.yaml", HERE / "frameworks")
ONE_PER_QUESTION = replace(EVERY_KIND, one_per=OnePer.QUESTION)
SAMPLES = {
    "every kind": lambda: EVERY_KIND,
    "every kind, one per question": lambda: ONE_PER_QUESTION,
    "deep": lambda: deep.questionnaire(0),
    "deep, one per question": lambda: deep.questionnaire(1, 200, "question"),
    "shallow": lambda: deep.questionnaire(2, 40),
}


def walk(questionnaire: Questionnaire, rng: Random, turns: int) -> dict[str, object]:
    """Answer page by page, going back up to so many times to change things. The answers of a draft."""
    draft: dict[str, object] = {}
    pages = len(paging.pages(questionnaire))
    page = routing.reached_pages(questionnaire, draft)[0][0]
    for _step in range(pages * (turns + 1)):
        path = routing.follow(questionnaire, draft)
        items = dict((p.code, i) for p, i in routing.pages_of(questionnaire, path)).get(page.code, [])
        raw = {name: value for item in items for name, value in deep.typed(item, rng).items()}
        reading = answering.read(items, raw, Policy.SELF, path.answers)
        assert {item.code for item in items} <= set(reading.answers) | {f.item for f in reading.problems}
        answering.check(items, {**path.answers, **reading.answers})
        draft |= reading.answers
        if turns and rng.random() < 0.2:
            turns -= 1
            page = routing.previous_page(questionnaire, draft, page.code) or page
            continue
        following = routing.next_page(questionnaire, draft, page.code)
        if following is None:
            return draft
        page = following
    raise AssertionError("the walk does not end")


def must_be_reached(questionnaire: Questionnaire, done: dict[str, object]) -> set[str]:
    """Which items a finished response must have been asked, told from its answers alone, without a walk."""
    reached = set()
    for section in questionnaire.sections:
        for item in section.items:
            if conditions.holds(section.when, done) and conditions.holds(item.when, done):
                reached.add(item.code)
    return reached


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(list(SAMPLES)), seed=st.integers(0, 10**6), turns=st.integers(0, 6))
def test_any_walk_ends_and_leaves_a_whole_response(name, seed, turns):
    questionnaire = SAMPLES[name]()
    draft = walk(questionnaire, Random(seed), turns)
    draft = from_json(to_json(draft))
    done = answering.finish(questionnaire, draft)
    kept = {item.code for item in answering.kept_items(questionnaire)}
    scores = {score.code for score in questionnaire.scores}
    others = {name for name in done if name.endswith("-other")}
    assert set(done) - others == kept | scores
    assert set(done) <= answering.stored_names(questionnaire)
    for code in others:
        item = questionnaire.item(code.removesuffix("-other"))
        assert item.other.code in conditions.codes_of(done[item.code])
    reached = must_be_reached(questionnaire, done)
    for code in kept:
        assert (done[code] is Missing.NOT_ASKED) == (code not in reached) or (
            questionnaire.item(code).kind == "computed" and code in reached
        ), code
    row = answering.snapshot_row(questionnaire, done)
    assert tuple(row) == answering.snapshot_columns(questionnaire)
    assert all(isinstance(value, int) and value >= -4 for value in row.values())
    assert answering.finish(questionnaire, done) == done
    assert from_json(to_json(done)) == done
    forgotten = {item.code for item in questionnaire.items() if KINDS[item.kind].forgotten}
    assert not forgotten & set(done)
    assert not any(personal in str(done) for personal in ("jo@example.org", "CM11GT"))


@pytest.mark.parametrize("name", SAMPLES)
def test_pages_hold_every_asked_item_once_and_none_with_what_it_reads(name):
    questionnaire = SAMPLES[name]()
    pages = paging.pages(questionnaire)
    asked = [item.code for item in questionnaire.items() if item.kind != "computed"]
    assert [item.code for page in pages for item in page.items] == asked
    assert len({page.code for page in pages}) == len(pages)
    assert paging.pages(questionnaire) is pages
    reads = paging.reads_of(questionnaire)
    for page in pages:
        together = {item.code for item in page.items}
        assert not any(reads[item.code] & together for item in page.items), page.code
        assert (
            len({item.grid.code for item in page.items if item.grid}) <= 1
            or questionnaire.one_per == "section"
        )
    if questionnaire.one_per is OnePer.QUESTION:
        assert all(len(page.items) == 1 or page.items[0].grid is not None for page in pages)


def test_the_sample_has_every_kind_and_every_feature_of_the_format():
    assert {item.kind for item in EVERY_KIND.items()} == set(KINDS)
    items = list(EVERY_KIND.items())
    for feature in (
        "help",
        "order",
        "checks",
        "define",
        "media",
        "symbol",
        "earliest",
        "latest",
        "compute",
        "agreement",
    ):
        assert any(getattr(item, feature) for item in items), feature
    assert any(option.say_what for item in items for option in item.options)
    assert any(option.group for item in items for option in item.options)
    assert all((EVERY_KIND.glossary, EVERY_KIND.support, EVERY_KIND.next))


def test_pages_of_the_sample():
    codes = {page.code: [item.code for item in page.items] for page in paging.pages(EVERY_KIND)}
    assert codes["home"] == ["welcome", "tenure", "adults", "children"]  # checks read the same page
    assert codes["room"] == ["room"]  # its condition reads a computed item made of the page before
    assert codes["likes"] == ["likes"]  # its text repeats an answer
    assert codes["left_out"] == ["left_out", "isolated", "in_tune", "agreeing"]  # a row reads the scale
    assert "at_home" not in str(codes)
    assert len(paging.pages(ONE_PER_QUESTION)) == 25


def test_a_section_offers_an_exit_where_something_is_sensitive_unless_it_says_otherwise():
    offers = {section.code: section.offers_exit for section in EVERY_KIND.sections}
    assert offers == {"consent": False, "home": False, "area": False, "feelings": True, "last": False}
    assert Section(code="a", title="A", items=(), safety_exit=True).offers_exit
    assert not replace(EVERY_KIND.section("feelings"), safety_exit=False).offers_exit


def test_contact_details_are_given_before_finishing_and_only_where_they_were_asked_for():
    draft = {"agree": 1, "keep_in_touch": 1, "email": "jo@example.org", "phone": Missing.NOT_ANSWERED}
    assert answering.contact_details(EVERY_KIND, draft) == {"email": "jo@example.org"}
    assert answering.contact_details(EVERY_KIND, {**draft, "keep_in_touch": 2}) == {}
    assert "email" not in answering.finish(EVERY_KIND, draft)


def test_a_consent_that_routing_does_not_reach_is_not_needed(load_text):
    consents = "".join(
        f"      - {{code: {code}, kind: consent, purpose: consent, required: true, text: I agree {code}, "
        f"options: [{{code: 1, text: Yes}}]{when}}}\n"
        for code, when in (("mine", ""), ("childs", ", when: {item: child, in: [1]}"))
    )
    child = "      - {code: child, kind: yes_no, purpose: context, text: For a child?}\n"
    head = "sections:\n  - code: page\n    title: P\n    items:\n"
    found = load_text(head + child + consents)
    assert answering.consented(found, {"child": 2, "mine": 1})
    assert not answering.consented(found, {"child": 1, "mine": 1})
    assert answering.consented(found, {"child": 1, "mine": 1, "childs": 1})


def test_checks_are_raised_until_kept_or_settled():
    items = [EVERY_KIND.item("children")]
    answers = {"adults": 1, "children": 19}
    soft, hard = answering.check(items, answers)
    assert (soft.fault, soft.params["number"], hard.fault) == ("check-soft", 1, "check-hard")
    assert "Is that right?" in soft.params["text"]
    confirmed = frozenset({answering.confirmation("children", n) for n in (1, 2)})
    assert answering.check(items, answers, confirmed) == (hard,)
    assert answering.check(items, {"adults": 3, "children": 2}) == ()
    assert answering.check(items, {"adults": 3, "children": Missing.NOT_ANSWERED}) == ()


def test_neighbours_of_pages():
    answers = {"agree": 1, "adults": 0, "children": 0}
    assert (
        routing.next_page(EVERY_KIND, answers, "home").code == "area"
    )  # nobody else at home: no question of room
    assert routing.previous_page(EVERY_KIND, answers, "area").code == "home"
    assert routing.next_page(EVERY_KIND, {**answers, "adults": 1}, "home").code == "room"
    assert routing.previous_page(EVERY_KIND, answers, "consent") is None
    with pytest.raises(KeyError):
        routing.next_page(EVERY_KIND, answers, "nowhere")


NAMES = sorted({name for item in EVERY_KIND.items() for name in answering.field_names(item)})
forged = st.one_of(
    st.integers(-3, 2100).map(str),
    st.sampled_from(
        ["", "/", "prefer-not-to-say", "٣", "²", "1@2", "@", "_", "1_1", "9" * 5000, "2024-02-03", "NaN"]
    ),
    st.text(max_size=30),
    st.characters(categories=["Cs", "Cc", "Cf"]),
)


@settings(max_examples=150, deadline=None)
@given(
    raw=st.dictionaries(st.sampled_from(NAMES), st.lists(forged, max_size=3), max_size=30),
    policy=st.sampled_from(Policy),
)
def test_whatever_is_sent_is_read_or_refused(raw, policy):
    items = list(EVERY_KIND.items())
    reading = answering.read(items, raw, policy)
    assert not set(reading.answers) & {fault.item for fault in reading.problems}
    answering.check(items, reading.answers)
    done = answering.finish(EVERY_KIND, reading.answers)
    assert answering.finish(EVERY_KIND, done) == done
    assert from_json(to_json(done)) == done
    assert tuple(answering.snapshot_row(EVERY_KIND, done)) == answering.snapshot_columns(EVERY_KIND)
    for item in items:
        assert all(name.startswith(item.code) for name in answering.field_names(item))


def test_a_snapshot_of_every_kind_can_be_written_and_read(tmp_path):
    rows = []
    for number in range(1, 41):
        done = answering.finish(EVERY_KIND, walk(EVERY_KIND, Random(number), 2))
        rows.append(
            snapshot.SnapshotRow(
                id=str(number), sequence=number, area="E1", mode="web", language="en", answers=done
            )
        )
    assert snapshot.append(tmp_path, rows, EVERY_KIND) == 40
    frame = snapshot.read(tmp_path)
    assert set(answering.snapshot_columns(EVERY_KIND)) <= set(frame.columns)
    assert frame["moved_in"].max() > 12 * 1950
    assert "comments" not in frame.columns
