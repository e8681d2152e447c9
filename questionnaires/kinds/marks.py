"""Reading marks against a list of codes: shared by every kind with boxes to tick."""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.answers import Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.kinds.base import ItemProblem, PaperCode, whole_number
from questionnaires.model import Item
from questionnaires.problems import ProblemCode

HIGHEST_CODE = 999
UNREAD_CODE = -(2**31)  # stands in for a code that could not be read, which is reported where it is


def chosen(item: Item, marks: list[str], codes: tuple[int, ...]) -> list[int] | Fault:
    """The codes marked, in the order of `codes`, each once. A number that is no option is a fault."""
    found = set()
    for mark in marks:
        code = whole_number(mark)
        if code is None or code not in codes:
            return Fault(item.code, AnswerFault.NOT_AN_OPTION, {"value": mark[:40]})
        found.add(code)
    return [code for code in codes if code in found]


def one(item: Item, marks: list[str], policy: Policy, codes: tuple[int, ...]) -> int | Missing | Fault:
    """One code. Two marks are an invalid mark on paper, and a fault to put right on a screen."""
    found = chosen(item, marks, codes)
    if isinstance(found, Fault):
        return found
    if len(found) > 1:
        return Missing.INVALID_MARK if policy is Policy.AS_WRITTEN else Fault(item.code, AnswerFault.ONE_ONLY)
    return found[0]


def option_codes(item: Item) -> tuple[int, ...]:
    return tuple(option.code for option in item.options)


def option_texts(item: Item, codes: tuple[int, ...]) -> tuple[str, ...]:
    """Texts of the options with these codes, in the order asked."""
    return tuple(option.text for option in item.options if option.code in codes)


def printed(item: Item) -> tuple[PaperCode, ...]:
    return tuple(PaperCode(option.code, option.text, option.code) for option in item.options)


def check_options(item: Item, *, fewest: int = 2) -> Iterator[ItemProblem]:
    """Enough options, each code once and between 1 and 999, each text once."""
    if len(item.options) < fewest:
        yield ItemProblem(
            ProblemCode.TOO_FEW_OPTIONS,
            "options",
            f"There {'is' if len(item.options) == 1 else 'are'} {len(item.options)} option(s), and at least "
            f"{fewest} are needed.",
            "Add options.",
        )
    codes, texts = set(), set()
    for option in item.options:
        if option.code == UNREAD_CODE:
            continue
        if option.code in codes:
            yield ItemProblem(
                ProblemCode.DUPLICATE_CODE,
                f"options.{option.code}",
                f"Two options have the code {option.code}.",
                "Give each option its own code.",
            )
        elif not 1 <= option.code <= HIGHEST_CODE:
            yield ItemProblem(
                ProblemCode.BAD_CODE,
                f"options.{option.code}",
                f"The option code {option.code} is not between 1 and {HIGHEST_CODE}.",
                "Number the options from 1.",
            )
        if option.text and option.text in texts:
            yield ItemProblem(
                ProblemCode.BAD_OPTIONS,
                f"options.{option.code}",
                f"Two options read '{option.text}'.",
                "Word each option differently.",
            )
        codes.add(option.code)
        texts.add(option.text)
