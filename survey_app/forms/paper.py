"""Opening and closing a batch of paper forms, and what a worker is told when a form cannot be recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired

from questionnaires.faults import AnswerFault, Fault
from survey_app.services.keying import Check, Doubt, SerialFault, SerialProblem, Stop
from survey_app.services.paper import LONGEST_PLACE, MOST_FORMS, BatchProblem


def _number(value: Any) -> Any:
    """Digits of any script, without the spaces and commas people put in thousands."""
    return "".join(value.replace(",", "").split()) if isinstance(value, str) else value


class _Forms(FlaskForm):
    def count(self, field: StringField) -> int | None:
        """What was typed as a number of forms; None for nothing. -1 for what is no number."""
        text = field.data or ""
        return None if not text else int(text) if text.isdecimal() and len(text) <= 6 else -1

    def refuse(self, problems: Iterable[BatchProblem]) -> None:
        """Put what the service found on the fields it is about."""
        for problem in problems:
            name, words = PROBLEMS[problem]
            field: Field = self[name]
            field.errors = [*field.errors, words()]


class OpenBatchForm(_Forms):
    organisation = SelectField(_l("Organisation"))
    place = StringField(_l("Where the forms were handed out"))
    held_on = DateField(_l("Date they were handed out"))
    area = StringField(_l("Area for a form without a postcode (optional)"))
    handed_out = StringField(_l("How many were handed out (optional)"), filters=[_number])
    returned = StringField(_l("How many came back"), filters=[_number])

    def offer(self, organisations: Iterable[tuple[str, str]]) -> None:
        """Fill in what can be chosen, as (value, label). Areas are the template's: they stand in groups."""
        self.organisation.choices = [SelectChoice(value, label) for value, label in organisations]

    def validate_held_on(self, field: DateField) -> None:
        """No day is the service's to refuse, with everything else, and in words that are translated."""
        field.errors, field.process_errors = [], []


class CloseBatchForm(_Forms):
    returned = StringField(_l("How many came back"), [InputRequired(_l("Count the forms"))], [_number])
    accept = BooleanField(_l("I have looked for the difference. Close the batch as it is"))


PROBLEMS: Mapping[BatchProblem, tuple[str, Callable[[], str]]] = {
    BatchProblem.WAVE: ("place", lambda: _("This wave no longer takes paper forms.")),
    BatchProblem.PLACE: (
        "place",
        lambda: _("Say where the forms were handed out, in at most %(max)d characters", max=LONGEST_PLACE),
    ),
    BatchProblem.AREA: ("area", lambda: _("Choose an area from the list, or none")),
    BatchProblem.NO_DAY: ("held_on", lambda: _("Enter the date the forms were handed out")),
    BatchProblem.LATER: ("held_on", lambda: _("That day has not come yet. Check the date")),
    BatchProblem.EARLIER: (
        "held_on",
        lambda: _("That is long before this wave opened. Check the date, and the wave"),
    ),
    BatchProblem.RETURNED: (
        "returned",
        lambda: _("Count the forms that came back: a number from 1 to %(max)d", max=MOST_FORMS),
    ),
    BatchProblem.HANDED_OUT: (
        "returned",
        lambda: _("More forms came back than were handed out. Check both numbers"),
    ),
    BatchProblem.DIFFERENCE: (
        "accept",
        lambda: _("The numbers do not agree. Find the difference, correct the count, or tick the box"),
    ),
}
"""The field each problem is shown at, and what to say."""


def stop_words(stop: Stop) -> str:
    """Why a batch takes no more forms."""
    return {
        Stop.BATCH_CLOSED: _(
            "This batch has been closed, so the form on this page is not saved. Open another batch for it."
        ),
        Stop.WAVE_OVER: _(
            "This wave no longer takes paper forms, so the form on this page is not saved."
            " Keep it, and tell your survey manager."
        ),
    }[stop]


def serial_words(problem: SerialProblem, when: str) -> str:
    """What is wrong with a serial. `when`: the moment it was keyed, in words."""
    if problem.fault is SerialFault.MISSING:
        return _("Type the serial number printed or written on the form.")
    if problem.fault is SerialFault.BAD:
        return _("A serial number has only letters and digits, 32 at most. Type it as it is on the form.")
    if problem.fault is SerialFault.PAGE_USED:
        return _(
            "This page was already saved as form %(serial)s. If this is another form,"
            " check it and save again.",
            serial=problem.serial,
        )
    return _(
        "%(name)s keyed a form with the serial %(serial)s on %(when)s. Check the number. If both forms "
        "have it, write a letter after the number on this one, such as %(example)s.",
        name=_isolated(problem.keyed_by),
        serial=problem.serial,
        when=when,
        example=f"{problem.serial[:31]}B",
    )


def _unread(params: Mapping[str, str | int], valid: str) -> str:
    return _(
        "“%(value)s” cannot be taken here. Type %(valid)s, or / if it cannot be read.",
        value=_isolated(params["value"]),
        valid=valid,
    )


def _beyond(valid: str) -> str:
    return _("Type %(valid)s, or / if the form says anything else.", valid=valid)


FAULTS: Mapping[AnswerFault, Callable[[Mapping[str, str | int], str], str]] = {
    AnswerFault.NOT_AN_OPTION: lambda params, valid: _(
        "“%(value)s” is not printed beside a box here. Type %(valid)s, or / if it cannot be read.",
        value=_isolated(params["value"]),
        valid=valid,
    ),
    AnswerFault.NOT_A_NUMBER: lambda params, valid: _(
        "“%(value)s” is not a whole number. Type %(valid)s, or / if it cannot be read.",
        value=_isolated(params["value"]),
        valid=valid,
    ),
    AnswerFault.OUT_OF_RANGE: lambda _params, valid: _beyond(valid),
    AnswerFault.TOO_LONG: lambda params, _valid: ngettext(
        "This is %(num)d character too long for what can be kept. Shorten it, and keep the sense.",
        "This is %(num)d characters too long for what can be kept. Shorten it, and keep the sense.",
        int(params["length"]) - int(params["maximum"]),
    ),
    AnswerFault.NOT_A_DECIMAL: lambda params, valid: _unread(params, valid),
    AnswerFault.TOO_PRECISE: lambda _params, valid: _beyond(valid),
    AnswerFault.BAD_DATE: lambda params, valid: _unread(params, valid),
    AnswerFault.DATE_INCOMPLETE: lambda _params, valid: _beyond(valid),
    AnswerFault.TOO_EARLY: lambda _params, valid: _beyond(valid),
    AnswerFault.TOO_LATE: lambda _params, valid: _beyond(valid),
    AnswerFault.NOT_A_RANK: lambda params, valid: _unread(params, valid),
}
"""Typing slips: the only faults there are on a form taken down as it was written."""


def fault_words(fault: Fault, valid: str) -> str:
    """What to tell a worker about a slip. `valid`: the numbers that are printed, in words."""
    return FAULTS[fault.fault](fault.params, valid)


def check_words(check: Check) -> tuple[str, str]:
    """What is in doubt, and the words of the box that confirms it."""
    value = _isolated(check.value)
    return {
        Doubt.NO_CONSENT: lambda: (
            _("A consent this survey needs is not ticked. Without it nothing on the form may be stored."),
            _("The form has no tick here. Record it as “no consent” and store none of its answers"),
        ),
        Doubt.OUTSIDE_AREA: lambda: (
            _(
                "%(postcode)s is in %(district)s, outside this survey's area.",
                postcode=value,
                district=_isolated(check.place),
            ),
            _("That is what the form says. Record it as “outside the area”; it is not counted"),
        ),
        Doubt.UNKNOWN_POSTCODE: lambda: (
            _("We do not know the postcode %(postcode)s.", postcode=value),
            _("That is what the form says. Use the batch's area for this form"),
        ),
    }[check.doubt]()


def _isolated(value: str | int) -> str:
    """Someone's own words inside a sentence: Unicode isolates keep their direction from leaking out."""
    return f"\u2068{value}\u2069"
