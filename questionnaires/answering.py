"""Reading what someone typed or ticked, and finishing a whole response. One set of rules for every way in.

A resident on a screen (Policy.SELF) is asked to put faults right. A paper form (Policy.AS_WRITTEN) is taken
down as it is: nothing is invented to get past the screen, and only a typing slip is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from questionnaires import routing, scales
from questionnaires.answers import SNAPSHOT_CODES, Answer, Answers, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.kinds import KINDS, PREFER_NOT_TO_SAY, UNREADABLE, PaperCode, Raw
from questionnaires.kinds.consent import AGREED
from questionnaires.model import Item, Purpose, Questionnaire

__all__ = [
    "PREFER_NOT_TO_SAY",
    "UNREADABLE",
    "AnswerFault",
    "Fault",
    "PaperCode",
    "Policy",
    "Reading",
    "consented",
    "describe",
    "finish",
    "paper_codes",
    "read",
    "snapshot_columns",
    "snapshot_row",
    "weighting_cell",
]

FORGOTTEN = "postcode"
"""The kind whose answer leaves no trace once the response is finished."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: answers by item code, and what has to be put right before the rest can be."""

    answers: dict[str, Answer | Missing]
    problems: tuple[Fault, ...] = ()


def read(
    items: Iterable[Item], raw: Mapping[str, Raw], policy: Policy, answers_so_far: Answers | None = None
) -> Reading:
    """Read the raw values of some items; `raw` is keyed by item code, a missing key is blank.

    Items whose condition does not hold over `answers_so_far` are left out under SELF. A paper form is
    taken down whole: `finish` sets what was not for this person to NOT_ASKED. An item with a problem has no
    answer in the result. Never raises, whatever was typed.
    """
    answers: dict[str, Answer | Missing] = {}
    problems = []
    for item in items:
        if (
            policy is Policy.SELF
            and answers_so_far is not None
            and not routing.holds(item.when, answers_so_far)
        ):
            continue
        found = KINDS[item.kind].read(item, raw.get(item.code, ()), policy)
        if isinstance(found, Fault):
            problems.append(found)
        else:
            answers[item.code] = found
    return Reading(answers, tuple(problems))


def finish(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer | Missing]:
    """The response as it is kept: every item and score has an answer or a named absence.

    Items routing does not reach become NOT_ASKED, reached ones without an answer NOT_ANSWERED; scores are
    made; anything the questionnaire does not know is dropped, and so is the postcode, which must have been
    reduced to an area before. Finishing a finished response changes nothing.
    """
    done: dict[str, Answer | Missing] = {}
    for section, reached in routing.walk(questionnaire, answers):
        for item in section.items:
            if item.kind == FORGOTTEN:
                continue
            asked = item in reached
            done[item.code] = _kept(answers.get(item.code)) if asked else Missing.NOT_ASKED
    return {**done, **scales.scored(questionnaire, done)}


def _kept(answer: Answer | Missing | None) -> Answer | Missing:
    return Missing.NOT_ANSWERED if answer is None or answer is Missing.NOT_ASKED else answer


def consented(questionnaire: Questionnaire, answers: Answers) -> bool:
    """Whether every consent the questionnaire requires was given."""
    return all(
        answers.get(item.code) == AGREED
        for item in questionnaire.items()
        if item.purpose is Purpose.CONSENT and item.required
    )


def weighting_cell(questionnaire: Questionnaire, answers: Answers) -> dict[str, str]:
    """The level of each margin that comes from an item, by margin name; "" where it is not stated.

    Margins that come from the area are not here: the area says those.
    """
    cell = {}
    for margin in questionnaire.margins:
        if margin.item is not None:
            given = answers.get(margin.item)
            options = questionnaire.item(margin.item).options
            cell[margin.name] = next((o.level or "" for o in options if o.code == given), "")
    return cell


def snapshot_row(questionnaire: Questionnaire, answers: Answers) -> dict[str, int]:
    """A finished response as small whole numbers, one per snapshot column; negative ones are missing reasons.

    A multiple choice has one 0/1 column per option, texts and the postcode none, scores one each.
    """
    row: dict[str, int] = {}
    for item in questionnaire.items():
        row.update(KINDS[item.kind].encode(item, answers.get(item.code, Missing.NOT_ASKED)))
    for score in questionnaire.scores:
        row[score.code] = _score_code(answers.get(score.code, Missing.NOT_ASKED))
    return row


def _score_code(value: Answer | Missing) -> int:
    if isinstance(value, Missing):
        return SNAPSHOT_CODES[value]
    if isinstance(value, int):
        return value
    raise TypeError(f"a score cannot be {value!r}")


def snapshot_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Names of the columns of `snapshot_row`, in its order."""
    items = (column for item in questionnaire.items() for column in KINDS[item.kind].columns(item))
    return (*items, *(score.code for score in questionnaire.scores))


def describe(item: Item, answer: Answer | Missing) -> tuple[str, ...]:
    """An answer in the item's own words, for checking; empty for an absence, which the interface words."""
    return KINDS[item.kind].describe(item, answer)


def paper_codes(item: Item) -> tuple[PaperCode, ...]:
    """Numbers printed beside the boxes and keyed by a worker, in print order."""
    return KINDS[item.kind].paper_codes(item)
