"""Progress: parts behind and ahead, counted so that going on never looks like going back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questionnaires import loading, routing
from questionnaires.answers import Missing
from questionnaires.model import Compare, Never
from questionnaires.progress import possible, progress

CORE = loading.load(loading.find(loading.LIBRARY, "thriving-places-core", "1.0"))
JOB = CORE.section("job")
BY = "works"


def conditional(condition):
    return replace(JOB, when=condition)


@pytest.mark.parametrize(
    ("condition", "answers", "expected"),
    [
        (Compare(item=BY, operator="in", values=(1,)), {}, True),
        (Compare(item=BY, operator="in", values=(1,)), {BY: 1}, True),
        (Compare(item=BY, operator="in", values=(1,)), {BY: 2}, False),
        (Compare(item=BY, operator="in", values=(1,)), {BY: Missing.NOT_ANSWERED}, False),
        (Compare(item=BY, operator="answered"), {}, True),
        (Compare(item=BY, operator="answered"), {BY: Missing.NOT_ANSWERED}, False),
        (Never(condition=Compare(item=BY, operator="in", values=(1,))), {}, True),
        (Never(condition=Compare(item=BY, operator="in", values=(1,))), {BY: 1}, False),
    ],
)
def test_a_section_is_possible_until_an_answer_rules_it_out(condition, answers, expected):
    assert possible(conditional(condition), answers) is expected


def test_the_share_behind_never_goes_down_on_the_way_through():
    for chosen in (1, 2, 7, Missing.NOT_ANSWERED):
        answers, shares, counts = {}, [], []
        while True:
            path = routing.follow(CORE, answers)
            pages = routing.pages_of(CORE, path)
            ahead = [(page, items) for page, items in pages if any(i.code not in answers for i in items)]
            if not ahead:
                break
            page, items = ahead[0]
            reached = {each.section.code for each, _items in pages}
            seen = {code: answer for code, answer in path.answers.items() if code in answers}
            found = progress(CORE, seen, reached, page.section.code)
            shares.append(found.percent)
            counts.append(found.count)
            answers |= {item.code: chosen for item in items}
        assert shares == sorted(shares)
        assert counts == sorted(counts, reverse=True)
        assert shares[0] == 0
        assert found.number == found.count


def test_pages_of_a_part_move_the_bar_within_it():
    first, second, third = (section.code for section in CORE.sections[:3])
    reached = {first, second, third}
    start = progress(CORE, {}, reached, second, (0, 2)).percent
    half = progress(CORE, {}, reached, second, (1, 2)).percent
    assert 0 < start < half < progress(CORE, {}, reached, third).percent
