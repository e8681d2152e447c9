"""How each kind of item is drawn, and what a resident is told when an answer cannot be taken.

Adding a kind is one macro file in templates/fields and one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from questionnaires import answering
from questionnaires.faults import AnswerFault, Fault
from survey_app.stored_dates import in_words


class Drawable(Protocol):
    """A question as a presenter makes it."""

    @property
    def kind(self) -> str: ...


FIELDS: Mapping[str, str] = {
    "single_choice": "fields/radios.html",
    "likert": "fields/radios.html",
    "yes_no": "fields/radios.html",
    "grid": "fields/grid.html",
    "multiple_choice": "fields/checkboxes.html",
    "ranking": "fields/ranking.html",
    "scale": "fields/scale.html",
    "integer": "fields/number.html",
    "decimal": "fields/number.html",
    "year": "fields/number.html",
    "date": "fields/date.html",
    "month": "fields/date.html",
    "place": "fields/place.html",
    "short_text": "fields/short_text.html",
    "long_text": "fields/long_text.html",
    "postcode": "fields/postcode.html",
    "email": "fields/contact.html",
    "phone": "fields/contact.html",
    "consent": "fields/consent.html",
    "information": "fields/information.html",
}
"""The template whose macro `field(question)` draws each kind."""


def draw_field(question: Drawable) -> Markup:
    """The question as HTML, by the macro of its kind."""
    template = current_app.jinja_env.get_template(FIELDS[question.kind])
    return template.module.field(question)  # type: ignore[attr-defined,no-any-return]


Params = Mapping[str, str | int]


def _exclusive(params: Params) -> str:
    if params["option"]:
        return _(
            "You chose “%(option)s” and something else. Choose one or the other.",
            option=_isolated(params["option"]),
        )
    return _("You chose “Prefer not to say” and gave an answer too. Choose one or the other.")


def _too_long(params: Params) -> str:
    over = int(params["length"]) - int(params["maximum"])
    return ngettext(
        "This is %(num)d character too long. Shorten it to %(maximum)d characters or fewer.",
        "This is %(num)d characters too long. Shorten it to %(maximum)d characters or fewer.",
        over,
        maximum=int(params["maximum"]),
    )


FAULTS: Mapping[AnswerFault, Callable[[Params], str]] = {
    AnswerFault.REQUIRED: lambda _params: _("Answer this question to continue."),
    AnswerFault.CONSENT_NEEDED: lambda _params: _(
        "Tick to agree, or choose “I do not want to take part” below."
    ),
    AnswerFault.NOT_AN_OPTION: lambda _params: _("Choose one of the answers shown."),
    AnswerFault.ONE_ONLY: lambda _params: _("Choose one answer only."),
    AnswerFault.EXCLUSIVE_WITH_OTHERS: _exclusive,
    AnswerFault.NOT_A_NUMBER: lambda params: _(
        "“%(value)s” is not a whole number. Write a number such as 3, or leave it blank.",
        value=_isolated(params["value"]),
    ),
    AnswerFault.OUT_OF_RANGE: lambda params: _(
        "Write a number from %(minimum)d to %(maximum)d, or leave it blank.",
        minimum=int(params["minimum"]),
        maximum=int(params["maximum"]),
    ),
    AnswerFault.TOO_LONG: _too_long,
    AnswerFault.BAD_POSTCODE: lambda params: _(
        "“%(value)s” is not a full postcode. Write it like CM1 1GT, or leave it blank.",
        value=_isolated(params["value"]),
    ),
    AnswerFault.NOT_A_DECIMAL: lambda params: _(
        "“%(value)s” is not a number. Write a number such as 3 or 3.5, or leave it blank.",
        value=_isolated(params["value"]),
    ),
    AnswerFault.TOO_PRECISE: lambda params: ngettext(
        "Write at most %(num)d digit after the point, such as %(example)s.",
        "Write at most %(num)d digits after the point, such as %(example)s.",
        int(params["decimals"]),
        example="3." + "5" * int(params["decimals"]),
    ),
    AnswerFault.BAD_DATE: lambda params: _(
        "“%(value)s” is not a date we can read. Use numbers, with all four digits of the year.",
        value=_isolated(params["value"]),
    ),
    AnswerFault.DATE_INCOMPLETE: lambda params: {
        "day": _("Write the day too, or leave all of the date blank."),
        "month": _("Write the month too, or leave all of the date blank."),
        "year": _("Write the year too, or leave all of the date blank."),
    }[str(params["part"])],
    AnswerFault.TOO_EARLY: lambda params: _(
        "Check the date. It cannot be before %(earliest)s.", earliest=in_words(params["earliest"])
    ),
    AnswerFault.TOO_LATE: lambda params: _(
        "Check the date. It cannot be after %(latest)s.", latest=in_words(params["latest"])
    ),
    AnswerFault.NOT_A_RANK: lambda params: _(
        "Choose a number from 1 to %(maximum)d from each list, or “Not ranked”.",
        maximum=int(params["maximum"]),
    ),
    AnswerFault.RANK_TWICE: lambda params: _(
        "You used %(rank)d more than once. Give each number to one only.", rank=int(params["rank"])
    ),
    AnswerFault.RANK_SKIPPED: lambda params: _(
        "You left out %(rank)d. Start at 1 and use each number in turn.", rank=int(params["rank"])
    ),
    AnswerFault.BAD_EMAIL: lambda params: _(
        "“%(value)s” is not an email address. Write it like name@example.org, or leave it blank.",
        value=_isolated(params["value"]),
    ),
    AnswerFault.BAD_PHONE: lambda params: _(
        "“%(value)s” is not a full phone number. Write it like 01632 960 001, or leave it blank.",
        value=_isolated(params["value"]),
    ),
    AnswerFault.CHECK_HARD: lambda params: str(params["text"]),
    AnswerFault.CHECK_SOFT: lambda params: str(params["text"]),
}
"""What to tell a resident. The words of a check are the questionnaire's own."""


def error_words(faults: tuple[Fault, ...]) -> dict[str, str]:
    """What to tell a resident, by item code: the first thing wrong with each."""
    words: dict[str, str] = {}
    for fault in faults:
        words.setdefault(fault.item, FAULTS[fault.fault](fault.params))
    return words


def keepable(faults: tuple[Fault, ...]) -> dict[str, str]:
    """The value of `confirm` that keeps an answer, by item code, where what is wrong is only a doubt."""
    first: dict[str, Fault] = {}
    for fault in faults:
        first.setdefault(fault.item, fault)
    return {
        code: answering.confirmation(code, int(fault.params["number"]))
        for code, fault in first.items()
        if fault.fault is AnswerFault.CHECK_SOFT
    }


def _isolated(value: str | int) -> str:
    """A person's own words inside a sentence: Unicode isolates keep their direction from leaking out."""
    return f"\u2068{value}\u2069"
