"""Synthetic responses to the shipped core questionnaire, through the same rules as real ones."""

from __future__ import annotations

import statistics

import pytest

from analysis import synthetic
from analysis.synthetic import SyntheticResponse
from analysis.synthetic.drawing import DRAWERS, UNDRAWN
from questionnaires import answering, kinds, loading
from questionnaires.answers import Missing
from questionnaires.model import Questionnaire

# published for England or the UK; synthetic people should be near, not on, these figures
PERCENT = {
    "safe_dark": ((1, 2), 73),
    "area_sat": ((1, 2), 74),
    "belong": ((1, 2), 62),
    "support": ((1, 2), 95),
    "volunteer": ((1, 2), 16),
    "lonely": ((1,), 7),
    "damp": ((1,), 15),
    "influence": ((1, 2), 23),
    "gp": ((1, 2), 75),
}
MEANS = {"life_sat": 7.5, "worthwhile": 7.75, "happy": 7.4, "anxious": 3.2}


@pytest.fixture(scope="module")
def core() -> Questionnaire:
    entries = [entry for entry in loading.library() if entry.id == "thriving-places-core"]
    return loading.load(loading.find(loading.LIBRARY, entries[-1].id, entries[-1].version))


@pytest.fixture(scope="module")
def responses(core: Questionnaire) -> list[SyntheticResponse]:
    places, margins = synthetic.demo_places(), synthetic.demo_margins()
    return synthetic.generate(core, places, margins, 4000, 3)


def test_every_kind_of_item_can_be_drawn_or_is_left_out_on_purpose() -> None:
    assert set(kinds.KINDS) == set(DRAWERS) | UNDRAWN


def test_every_parameter_is_of_an_item_that_is_asked(core: Questionnaire) -> None:
    assert set(synthetic.for_questionnaire(core.id).items) <= {item.code for item in core.items()}


def test_every_choice_that_is_not_a_weighting_item_has_been_thought_about(core: Questionnaire) -> None:
    chosen = {item.code for item in core.items() if item.kind in ("single_choice", "likert", "scale")}

    assert chosen <= set(synthetic.for_questionnaire(core.id).items)


def test_finishing_them_again_changes_nothing(
    core: Questionnaire, responses: list[SyntheticResponse]
) -> None:
    assert all(answering.finish(core, r.answers) == r.answers for r in responses)
    assert all(answering.consented(core, r.answers) for r in responses)


def test_what_they_choose_could_have_been_chosen_on_a_page(
    core: Questionnaire, responses: list[SyntheticResponse]
) -> None:
    items = [item for item in core.items() if item.options or item.scale or item.kind == "integer"]
    for r in responses[:500]:
        given = {i.code: r.answers[i.code] for i in items if not isinstance(r.answers[i.code], Missing)}
        raw = {code: [str(a) for a in (v if isinstance(v, tuple) else (v,))] for code, v in given.items()}
        asked = [item for item in items if item.code in raw]
        reading = answering.read(asked, raw, answering.Policy.SELF, r.answers)
        assert not reading.problems
        assert reading.answers == given


@pytest.mark.parametrize("code", PERCENT)
def test_shares_are_near_published_ones(responses: list[SyntheticResponse], code: str) -> None:
    codes, percent = PERCENT[code]
    given = [a for r in responses if not isinstance(a := r.answers[code], Missing)]

    assert 100 * sum(a in codes for a in given) / len(given) == pytest.approx(percent, abs=5)


@pytest.mark.parametrize("code", MEANS)
def test_means_are_near_published_ones(responses: list[SyntheticResponse], code: str) -> None:
    given = [a for r in responses if isinstance(a := r.answers[code], int)]

    assert statistics.fmean(given) == pytest.approx(MEANS[code], abs=0.25)


def test_the_jobless_are_not_asked_about_their_job(responses: list[SyntheticResponse]) -> None:
    for r in responses:
        assert (r.answers["job_secure"] is Missing.NOT_ASKED) == (r.answers["work_status"] not in (1, 2))
    assert sum(r.answers["job_secure"] is Missing.NOT_ASKED for r in responses) > 500
