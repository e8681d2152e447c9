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

from questionnaires.faults import AnswerFault, Fault


class Drawable(Protocol):
    """A question as a presenter makes it."""

    @property
    def kind(self) -> str: ...


FIELDS: Mapping[str, str] = {
    "single_choice": "fields/radios.html",
    "likert": "fields/radios.html",
    "multiple_choice": "fields/checkboxes.html",
    "scale": "fields/scale.html",
    "integer": "fields/number.html",
    "short_text": "fields/short_text.html",
    "long_text": "fields/long_text.html",
    "postcode": "fields/postcode.html",
    "consent": "fields/consent.html",
    "yes_no": "fields/radios.html",
    "grid": "fields/radios.html",
    "decimal": "fields/number.html",
    "date": "fields/short_text.html",
    "month": "fields/short_text.html",
    "year": "fields/number.html",
    "ranking": "fields/checkboxes.html",
    "place": "fields/radios.html",
    "email": "fields/short_text.html",
    "phone": "fields/short_text.html",
    "information": "fields/short_text.html",
    "computed": "fields/number.html",
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


def _incomplete(params: Params) -> str:
    return {
        "day": _("The day is missing. Write the whole date, or leave it all blank."),
        "month": _("The month is missing. Write the whole date, or leave it all blank."),
        "year": _("The year is missing. Write the whole date, or leave it all blank."),
    }[str(params["part"])]


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
        "“%(value)s” is not a number. Write a number such as 7.5, or leave it blank.",
        value=_isolated(params["value"]),
    ),
    AnswerFault.TOO_PRECISE: lambda params: ngettext(
        "Write no more than %(num)d digit after the point.",
        "Write no more than %(num)d digits after the point.",
        int(params["decimals"]),
    ),
    AnswerFault.BAD_DATE: lambda params: _(
        "“%(value)s” is not a real date. Check the day, month and year.", value=_isolated(params["value"])
    ),
    AnswerFault.DATE_INCOMPLETE: _incomplete,
    AnswerFault.TOO_EARLY: lambda params: _(
        "Write a date that is not before %(date)s.", date=_isolated(params["earliest"])
    ),
    AnswerFault.TOO_LATE: lambda params: _(
        "Write a date that is not after %(date)s.", date=_isolated(params["latest"])
    ),
    AnswerFault.NOT_A_RANK: lambda params: _(
        "Number your choices from 1 to %(maximum)d.", maximum=int(params["maximum"])
    ),
    AnswerFault.RANK_TWICE: lambda params: _(
        "You gave number %(rank)d twice. Give each choice its own number.", rank=int(params["rank"])
    ),
    AnswerFault.RANK_SKIPPED: lambda params: _(
        "Nothing has number %(rank)d. Number your choices 1, 2, 3 and so on.", rank=int(params["rank"])
    ),
    AnswerFault.BAD_EMAIL: lambda params: _(
        "“%(value)s” is not an email address. Write it like name@example.com, or leave it blank.",
        value=_isolated(params["value"]),
    ),
    AnswerFault.BAD_PHONE: lambda params: _(
        "“%(value)s” is not a full phone number. Write it like 01632 960 001, or leave it blank.",
        value=_isolated(params["value"]),
    ),
    AnswerFault.CHECK_HARD: lambda params: str(params["text"]),
    AnswerFault.CHECK_SOFT: lambda params: str(params["text"]),
}


def error_words(faults: tuple[Fault, ...]) -> dict[str, str]:
    """What to tell a resident, by item code: the first thing wrong with each."""
    words: dict[str, str] = {}
    for fault in faults:
        words.setdefault(fault.item, FAULTS[fault.fault](fault.params))
    return words


def _isolated(value: str | int) -> str:
    """A person's own words inside a sentence: Unicode isolates keep their direction from leaking out."""
    return f"\u2068{value}\u2069"
