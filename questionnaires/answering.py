"""Reading what someone typed or ticked, and finishing a whole response. One set of rules for every way in.

A resident on a screen (Policy.SELF) is asked to put faults right. A paper form (Policy.AS_WRITTEN) is taken
down as it is: nothing is invented to get past the screen, and only a typing slip is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from questionnaires import conditions, routing, scales
from questionnaires.answers import SNAPSHOT_CODES, Answer, Answers, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.kinds import KINDS, PREFER_NOT_TO_SAY, UNREADABLE, PaperCode, Raw
from questionnaires.kinds.consent import AGREED
from questionnaires.kinds.text import ShortText
from questionnaires.model import Item, Option, Purpose, Questionnaire, once
from questionnaires.paging import COMPUTED

__all__ = [
    "PREFER_NOT_TO_SAY",
    "UNREADABLE",
    "AnswerFault",
    "Fault",
    "PaperCode",
    "Policy",
    "Reading",
    "check",
    "confirmation",
    "consented",
    "contact_details",
    "describe",
    "field_names",
    "finish",
    "kept_items",
    "other_name",
    "paper_codes",
    "read",
    "snapshot_columns",
    "snapshot_row",
    "stored_names",
    "weighting_cell",
]

SAY_WHAT = ShortText()
"""How the words beside "Other" are read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: answers by item code, and what has to be put right before the rest can be."""

    answers: dict[str, Answer | Missing]
    problems: tuple[Fault, ...] = ()


def read(
    items: Iterable[Item], raw: Mapping[str, Raw], policy: Policy, answers_so_far: Answers | None = None
) -> Reading:
    """Read the raw values of some items; `raw` is keyed by `field_names`, a missing key is blank.

    Items whose condition does not hold over `answers_so_far` (as `routing.follow` leaves them, with computed
    items) are left out under SELF. A paper form is
    taken down whole: `finish` sets what was not for this person to NOT_ASKED. An item with a problem has no
    answer in the result. Never raises, whatever was typed.
    """
    answers: dict[str, Answer | Missing] = {}
    problems = []
    for item in items:
        if item.kind == COMPUTED:
            continue
        if (
            policy is Policy.SELF
            and answers_so_far is not None
            and not conditions.holds(item.when, answers_so_far)
        ):
            continue
        kind = KINDS[item.kind]
        found = kind.read(item, kind.gather(item, raw, policy), policy)
        if isinstance(found, Fault):
            problems.append(found)
            continue
        answers[item.code] = found
        if item.other is not None:
            problems += _read_other(item, item.other, found, raw, policy, answers)
    return Reading(answers, tuple(problems))


def _read_other(
    item: Item,
    other: Option,
    found: Answer | Missing,
    raw: Mapping[str, Raw],
    policy: Policy,
    answers: dict[str, Answer | Missing],
) -> list[Fault]:
    """Read what was written beside "Other"; it goes where its option is not chosen."""
    name = other_name(item)
    answers[name] = Missing.NOT_ANSWERED
    if other.code not in conditions.codes_of(found):
        return []
    plain = replace(item, required=False, prefer_not_to_say=False)
    said = SAY_WHAT.read(plain, raw.get(name, ()), policy)
    if isinstance(said, Fault):
        del answers[item.code], answers[name]
        return [said]
    answers[name] = said
    return []


def field_names(item: Item) -> tuple[str, ...]:
    """Names of the form values an item is read from; each starts with its code."""
    names = KINDS[item.kind].names(item)
    return names if item.other is None else (*names, other_name(item))


def other_name(item: Item) -> str:
    """The name under which the words beside "Other" are typed and stored."""
    return f"{item.code}-other"


def check(
    items: Iterable[Item], answers: Answers, confirmed: frozenset[str] = frozenset()
) -> tuple[Fault, ...]:
    """The doubts about some answers, in the order of the items.

    `answers` are those of `routing.follow` with the page's own. A soft check is not raised again when
    `confirmed` has its `confirmation`; a hard one always is. The text is the item's own, so items in another
    language give it in that; it may hold an earlier answer (see `piping`).
    """
    found = []
    for item in items:
        if isinstance(answers.get(item.code, Missing.NOT_ANSWERED), Missing):
            continue
        for number, doubt in enumerate(item.checks, 1):
            settled = not doubt.hard and confirmation(item.code, number) in confirmed
            if not settled and conditions.holds(doubt.when, answers):
                fault = AnswerFault.CHECK_HARD if doubt.hard else AnswerFault.CHECK_SOFT
                found.append(Fault(item.code, fault, {"text": doubt.text, "number": number}))
    return tuple(found)


def confirmation(item_code: str, number: int) -> str:
    """What says that an answer stays although the item's check of this number asked about it."""
    return f"{item_code}.{number}"


def finish(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer | Missing]:
    """The response as it is kept: every item and score has an answer or a named absence.

    Items routing does not reach become NOT_ASKED, reached ones without an answer NOT_ANSWERED; computed items
    and scores are made; words beside "Other" stay where that was chosen; anything the questionnaire does not
    know is dropped. So are the postcode, which must have been reduced to an area before, and contact details
    (see `contact_details`). Finishing a finished response changes nothing.
    """
    path = routing.follow(questionnaire, answers)
    done: dict[str, Answer | Missing] = {}
    for item in kept_items(questionnaire):
        if item.code not in path.reached:
            done[item.code] = Missing.NOT_ASKED
            continue
        done[item.code] = given = path.answers.get(item.code, Missing.NOT_ANSWERED)
        other = item.other
        if other is not None and other.code in conditions.codes_of(given):
            said = path.answers.get(other_name(item))
            if isinstance(said, str) and not isinstance(said, Missing):
                done[other_name(item)] = said
    return {**done, **scales.scored(questionnaire, done)}


@once
def kept_items(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """The items a finished response speaks of: all but what is forgotten and what is only read."""
    return tuple(
        item
        for item in questionnaire.items()
        if not KINDS[item.kind].forgotten and (KINDS[item.kind].asked or item.kind == COMPUTED)
    )


@once
def stored_names(questionnaire: Questionnaire) -> frozenset[str]:
    """Every name an answer of a finished response can have: items, words beside "Other", scores."""
    items = kept_items(questionnaire)
    others = (other_name(item) for item in items if item.other is not None)
    scores = (score.code for score in questionnaire.scores)
    return frozenset([*(item.code for item in items), *others, *scores])


def contact_details(questionnaire: Questionnaire, answers: Answers) -> dict[str, str]:
    """Ways to reach the person, by item code, where routing asked for them. For before `finish`."""
    path = routing.follow(questionnaire, answers)
    return {
        code: answer
        for code, answer in path.answers.items()
        if isinstance(answer, str)
        and not isinstance(answer, Missing)
        and code in path.reached
        and KINDS[questionnaire.item(code).kind].contact
    }


def consented(questionnaire: Questionnaire, answers: Answers) -> bool:
    """Whether every required consent that routing reaches was given."""
    return all(
        answers.get(item.code) == AGREED
        for _section, items in routing.walk(questionnaire, answers)
        for item in items
        if item.purpose is Purpose.CONSENT and item.kind == "consent" and item.required
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
