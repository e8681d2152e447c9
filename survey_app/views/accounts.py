"""Signing in and out, invitations taken up, and a person's own account."""

from __future__ import annotations

import time
from datetime import timedelta
from math import ceil
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_login import current_user

from survey_app import i18n, signed_in
from survey_app.extensions import limiter, settings, writes
from survey_app.extensions import session as database_session
from survey_app.forms.accounts import (
    AcceptInvitationForm,
    ChangePasswordForm,
    ChoosePasswordForm,
    SignInForm,
    password_words,
    refuse,
)
from survey_app.presenters.roles import ROLE_WORDS
from survey_app.services import accounts as service
from survey_app.services import audit, invitations, people
from survey_app.services.accounts import LinkUsedError, PasswordRefusedError, WrongPasswordError
from survey_app.services.invitations import AccountExistsError

accounts = Blueprint("accounts", __name__)

limit_tries = limiter.limit(lambda: settings().sign_in_limit, methods=["POST"])


@accounts.route("/sign-in", methods=["GET", "POST"])
@limit_tries
@writes
def sign_in() -> ResponseReturnValue:
    i18n.remember()
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(_next_page())
    form = SignInForm()
    if form.validate_on_submit():
        principal = service.sign_in(database_session(), form.email.data or "", form.password.data or "")
        if principal is not None:
            signed_in.start(principal)
            return redirect(_next_page())
        refuse(form.email, _failure_words())
    return render_template("accounts/sign_in.html", form=form, timed_out=signed_in.timed_out())


@accounts.post("/sign-out")
@writes
def sign_out() -> ResponseReturnValue:
    audit.record(database_session(), current_user.user_id, "sign-out.done")
    signed_in.end()
    flash(_("You are signed out."), "good")
    return redirect(url_for("accounts.sign_in"))


@accounts.get("/account")
def home() -> ResponseReturnValue:
    i18n.remember()
    grants = current_user.grants
    areas = people.area_names(database_session(), (grant.area_code for grant in grants))
    return render_template(
        "accounts/home.html",
        grants=grants,
        areas=areas,
        role_words=ROLE_WORDS,
        pages=current_app.view_functions,
    )


@accounts.route("/account/password", methods=["GET", "POST"])
@limit_tries
@writes
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            principal = service.change_password(
                database_session(),
                current_user.user_id,
                present=form.present.data or "",
                new=form.password.data or "",
                site_name=settings().site_name,
            )
        except WrongPasswordError:
            refuse(form.present, _("That is not the password you have now. Type it again."))
        except PasswordRefusedError as error:
            refuse(form.password, password_words(error.problem))
        else:
            signed_in.start(principal)
            flash(_("Your password is changed. Other devices have been signed out."), "good")
            return redirect(url_for("accounts.home"))
    return render_template("accounts/change_password.html", form=form)


@accounts.post("/account/sign-out-everywhere")
@writes
def sign_out_everywhere() -> ResponseReturnValue:
    service.sign_out_everywhere(database_session(), current_user.user_id)
    signed_in.end()
    flash(_("You are signed out on every device."), "good")
    return redirect(url_for("accounts.sign_in"))


@accounts.route("/invitation/<token>", methods=["GET", "POST"])
@limit_tries
@writes
def accept_invitation(token: str) -> ResponseReturnValue:
    i18n.remember()
    try:
        offer = invitations.offer(database_session(), token)
        if current_user.is_authenticated or offer.has_account:
            return _accept_with_account(token, offer)
        return _accept_as_new(token, offer)
    except LinkUsedError:
        abort(410)


def _accept_with_account(token: str, offer: invitations.Offer) -> ResponseReturnValue:
    mine = current_user.is_authenticated and current_user.email == offer.email
    if request.method == "POST" and mine:
        invitations.accept_as(database_session(), token, current_user.user_id)
        flash(_("You have accepted. Your new role is listed below."), "good")
        return redirect(url_for("accounts.home"))
    return render_template("accounts/invitation_existing.html", token=token, mine=mine, **_offered(offer))


def _accept_as_new(token: str, offer: invitations.Offer) -> ResponseReturnValue:
    form = AcceptInvitationForm()
    if form.validate_on_submit():
        try:
            principal = invitations.accept_as_new(
                database_session(),
                token,
                name=form.name.data or "",
                password=form.password.data or "",
                site_name=settings().site_name,
            )
        except AccountExistsError:  # made through another invitation in the same moment
            return redirect(url_for("accounts.accept_invitation", token=token))
        except PasswordRefusedError as error:
            refuse(form.password, password_words(error.problem))
        else:
            signed_in.start(principal)
            flash(_("Your account is ready."), "good")
            return redirect(url_for("accounts.home"))
    return render_template("accounts/invitation_new.html", form=form, token=token, **_offered(offer))


def _offered(offer: invitations.Offer) -> dict[str, object]:
    areas = people.area_names(database_session(), [offer.area_code])
    return {"offer": offer, "role": ROLE_WORDS[offer.role], "area": areas.get(offer.area_code, "")}


@accounts.route("/new-password/<token>", methods=["GET", "POST"])
@limit_tries
@writes
def new_password(token: str) -> ResponseReturnValue:
    form = ChoosePasswordForm()
    secret_key = settings().secret_key
    try:
        person = service.who_may_choose(database_session(), token, secret_key=secret_key)
        if form.validate_on_submit():
            principal = service.choose_password(
                database_session(),
                token,
                form.password.data or "",
                secret_key=secret_key,
                site_name=settings().site_name,
            )
            signed_in.start(principal)
            flash(_("Your new password is saved. Other devices have been signed out."), "good")
            return redirect(url_for("accounts.home"))
    except LinkUsedError:
        abort(410)
    except PasswordRefusedError as error:
        refuse(form.password, password_words(error.problem))
    return render_template("accounts/new_password.html", form=form, token=token, name=person.name)


def _next_page() -> str:
    """Where to go after signing in: a page of this site that was asked for, else the person's account."""
    asked = request.args.get("next", "")
    return asked if is_local(asked) else url_for("accounts.home")


def is_local(address: str) -> bool:
    """Whether an address is a path on this site: no other host, no scheme, nothing read as either."""
    if not address.startswith("/") or address.startswith(("//", "/\\")):
        return False
    if "\\" in address or not address.isprintable():
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc


def _failure_words() -> str:
    """What to say when signing in failed. Nothing in it depends on whether there is such an account.

    The wait of an account is kept in the database. The one told here is this browser's own count, by the same
    rule, so a person who mistypes learns how long to wait, and a stranger learns nothing.
    """
    present = time.time()
    tries, until = int(session.get("wrong_tries", 0)), float(session.get("wait_until", 0))
    if present >= until:
        tries += 1
        until = present + service.wait_after(tries).total_seconds()
        session["wrong_tries"], session["wait_until"] = tries, until
    left = until - present
    if left > 0:
        wait = format_timedelta(timedelta(minutes=ceil(left / 60)), threshold=1)
        return _("Too many wrong tries. Wait %(time)s, then try again.", time=wait)
    return _(
        "We could not sign you in. Check the e-mail address and the password. After %(number)s wrong tries"
        " in a row you have to wait before the next one.",
        number=service.WRONG_TRIES_ALLOWED + 1,
    )
