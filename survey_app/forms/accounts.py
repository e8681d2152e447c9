"""Signing in, choosing a password, inviting someone, adding an organisation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from survey_app.services.passwords import LONGEST, SHORTEST, PasswordProblem

ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
LONGEST_ADDRESS = 254
LONGEST_NAME = 100


def refuse(field: Field, message: str) -> None:
    """Put a problem found after validation on the field it belongs to."""
    field.errors = [*field.errors, message]


def password_words(problem: PasswordProblem) -> str:
    """Why a new password is refused and what to do."""
    return {
        PasswordProblem.TOO_SHORT: _(
            "That password is too short. Use at least %(number)s characters.", number=SHORTEST
        ),
        PasswordProblem.TOO_LONG: _(
            "That password is too long. Use at most %(number)s characters.", number=LONGEST
        ),
        PasswordProblem.TOO_EASY: _(
            "That password is too easy to guess. Three or four words that have nothing to do with each other,"
            " with you or with this site make a good one."
        ),
    }[problem]


def _strip(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _address(_form: FlaskForm, field: StringField) -> None:
    if not ADDRESS.fullmatch(field.data or "") or len(field.data or "") > LONGEST_ADDRESS:
        raise ValidationError(_("Enter an e-mail address like name@example.org"))


class SignInForm(FlaskForm):
    email = StringField(_l("E-mail address"), [DataRequired(_l("Enter your e-mail address"))], [_strip])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password"))])


class _NewPassword(FlaskForm):
    """A new password, typed twice: nobody can look it up afterwards."""

    password = PasswordField(_l("New password"), [InputRequired(_l("Enter a new password"))])
    again = PasswordField(
        _l("New password again"), [InputRequired(_l("Enter the new password a second time"))]
    )

    def validate_again(self, field: PasswordField) -> None:
        if field.data and field.data != self.password.data:
            raise ValidationError(_("The two passwords are not the same. Type them again."))


class ChoosePasswordForm(_NewPassword):
    pass


class ChangePasswordForm(_NewPassword):
    present = PasswordField(_l("Your password now"), [InputRequired(_l("Enter the password you have now"))])


class AcceptInvitationForm(_NewPassword):
    name = StringField(
        _l("Your name"),
        [
            DataRequired(_l("Enter your name")),
            Length(max=LONGEST_NAME, message=_l("Shorten your name to %(max)d characters")),
        ],
        [_strip],
    )


class InviteForm(FlaskForm):
    email = StringField(
        _l("E-mail address"), [InputRequired(_l("Enter an e-mail address")), _address], [_strip]
    )
    role = SelectField(_l("Role"))
    organisation = SelectField(_l("Organisation"))
    area = StringField(_l("Only for one area (optional)"), [Length(max=100)], [_strip])

    def offer(self, roles: Iterable[tuple[str, str]], organisations: Iterable[tuple[str, str]]) -> None:
        """Fill in what can be chosen, as (value, label)."""
        empty = SelectChoice("", _("Choose one"))
        self.role.choices = [empty, *(SelectChoice(value, label) for value, label in roles)]
        self.organisation.choices = [empty, *(SelectChoice(value, label) for value, label in organisations)]

    def validate_role(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError(_("Choose what this person will do"))

    def validate_organisation(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError(_("Choose the organisation this person works for"))


class OrganisationForm(FlaskForm):
    name = StringField(
        _l("Name of the organisation"),
        [
            DataRequired(_l("Enter the name of the organisation")),
            Length(max=LONGEST_NAME, message=_l("Shorten the name to %(max)d characters")),
        ],
        [_strip],
    )
