"""People and organisations: who is invited, what each may do, and switching them off and on."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from survey_app.extensions import session, settings, writes
from survey_app.forms.accounts import InviteForm, OrganisationForm, refuse
from survey_app.presenters.roles import ROLE_WORDS, role_name
from survey_app.services import accounts, invitations
from survey_app.services import people as service
from survey_app.services.people import LastAdministratorError, NameTakenError, UnknownAreaError
from survey_app.services.roles import Role

people = Blueprint("people", __name__, url_prefix="/people")


@people.get("")
def index() -> ResponseReturnValue:
    """Everyone with an account, and invitations not yet taken up."""
    waiting = invitations.waiting(session())
    return render_template(
        "people/index.html",
        people=service.everyone(session()),
        waiting=waiting,
        areas=service.area_names(session(), (offer.area_code for offer in waiting)),
        role_name=role_name,
    )


@people.route("/invite", methods=["GET", "POST"])
@writes
def invite() -> ResponseReturnValue:
    form = InviteForm(email=request.args.get("email", ""))
    form.offer(
        [(role.value, str(words.name)) for role, words in ROLE_WORDS.items()],
        [(str(body.id), body.name) for body in service.bodies(session()) if body.active],
    )
    if form.validate_on_submit():
        try:
            made = invitations.invite(
                session(),
                email=form.email.data or "",
                role=Role(form.role.data),
                organisation_id=int(form.organisation.data),
                area_code=service.find_area(session(), form.area.data or ""),
                actor=current_user.user_id,
            )
        except UnknownAreaError as error:
            refuse(form.area, _area_words(error))
        else:
            return _show_link(
                url_for("accounts.accept_invitation", token=made.token, _external=True),
                title=_("The invitation is ready"),
                email=made.email,
                expires_at=made.expires_at,
            )
    return render_template("people/invite.html", form=form, role_words=ROLE_WORDS)


@people.post("/invitations/<int(max=2147483647):invitation_id>/revoke")
@writes
def revoke_invitation(invitation_id: int) -> ResponseReturnValue:
    try:
        invitations.revoke(session(), invitation_id, actor=current_user.user_id)
    except LookupError:
        abort(404)
    flash(_("The invitation is withdrawn. Its link no longer works."), "good")
    return redirect(url_for("people.index"))


@people.get("/<user_id>")
def person(user_id: str) -> ResponseReturnValue:
    try:
        found = service.person(session(), user_id)
    except LookupError:
        abort(404)
    return render_template("people/person.html", person=found, role_name=role_name)


@people.post("/<user_id>/deactivate")
@writes
def deactivate(user_id: str) -> ResponseReturnValue:
    try:
        service.deactivate(session(), user_id, actor=current_user.user_id)
    except LookupError:
        abort(404)
    except LastAdministratorError:
        flash(_last_administrator(), "error")
    else:
        flash(_("This person can no longer sign in. What they did stays on record."), "good")
    return redirect(url_for("people.person", user_id=user_id))


@people.post("/<user_id>/reactivate")
@writes
def reactivate(user_id: str) -> ResponseReturnValue:
    try:
        service.reactivate(session(), user_id, actor=current_user.user_id)
    except LookupError:
        abort(404)
    flash(_("This person can sign in again, with the roles below."), "good")
    return redirect(url_for("people.person", user_id=user_id))


@people.post("/<user_id>/new-password-link")
@writes
def new_password_link(user_id: str) -> ResponseReturnValue:
    try:
        link = accounts.new_password_link(
            session(), user_id, secret_key=settings().secret_key, actor=current_user.user_id
        )
        found = service.person(session(), user_id)
    except LookupError:
        abort(404)
    return _show_link(
        url_for("accounts.new_password", token=link.token, _external=True),
        title=_("The link for a new password is ready"),
        email=found.email,
        expires_at=link.expires_at,
    )


@people.post("/<user_id>/roles/<int(max=2147483647):grant_id>/remove")
@writes
def remove_role(user_id: str, grant_id: int) -> ResponseReturnValue:
    try:
        service.remove_role(session(), user_id, grant_id, actor=current_user.user_id)
    except LookupError:
        abort(404)
    except LastAdministratorError:
        flash(_last_administrator(), "error")
    else:
        flash(_("The role is taken away."), "good")
    return redirect(url_for("people.person", user_id=user_id))


@people.get("/organisations")
def organisations() -> ResponseReturnValue:
    return _organisations_page(OrganisationForm())


@people.post("/organisations")
@writes
def add_organisation() -> ResponseReturnValue:
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            service.add_organisation(session(), form.name.data or "", actor=current_user.user_id)
        except NameTakenError:
            refuse(form.name, _("There is an organisation with this name already. Give another name."))
        else:
            flash(_("The organisation is added."), "good")
            return redirect(url_for("people.organisations"))
    return _organisations_page(form)


@people.post("/organisations/<int(max=2147483647):organisation_id>/deactivate")
@writes
def deactivate_organisation(organisation_id: int) -> ResponseReturnValue:
    return _set_organisation(
        organisation_id, False, _("The organisation is deactivated. Roles held for it no longer work.")
    )


@people.post("/organisations/<int(max=2147483647):organisation_id>/reactivate")
@writes
def reactivate_organisation(organisation_id: int) -> ResponseReturnValue:
    return _set_organisation(
        organisation_id, True, _("The organisation is active again, and so are the roles held for it.")
    )


def _set_organisation(organisation_id: int, active: bool, done: str) -> ResponseReturnValue:
    try:
        service.set_organisation_active(session(), organisation_id, active, actor=current_user.user_id)
    except LookupError:
        abort(404)
    except LastAdministratorError:
        flash(_last_administrator(), "error")
    else:
        flash(done, "good")
    return redirect(url_for("people.organisations"))


def _organisations_page(form: OrganisationForm) -> ResponseReturnValue:
    return render_template("people/organisations.html", form=form, bodies=service.bodies(session()))


def _show_link(link: str, *, title: str, email: str, expires_at: datetime) -> ResponseReturnValue:
    return render_template("people/link.html", link=link, title=title, email=email, expires_at=expires_at)


def _last_administrator() -> str:
    return _(
        "This would leave no administrator, and nobody could invite people any more. "
        "Invite another administrator first."
    )


def _area_words(error: UnknownAreaError) -> str:
    if not error.candidates:
        return _(
            "We hold no area with this name or code. Check the spelling, or leave it empty for everywhere."
        )
    could_be = ", ".join(f"{name} – {level} ({code})" for code, name, level in error.candidates)
    return _("Several areas have this name. Enter the code of the one you mean: %(areas)s.", areas=could_be)
