"""Publishing: a manager looks at what would be published, publishes it, and withdraws what was wrong."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from survey_app import i18n
from survey_app.access import MANAGERS
from survey_app.extensions import close_session, session, settings, writes
from survey_app.presenters import histories
from survey_app.presenters import publishing as presenter
from survey_app.reading_trail import note_read
from survey_app.services import proposals, released
from survey_app.services.keying import Wave
from survey_app.services.oversight import all_looked_after
from survey_app.services.proposals import BusyError, ProposalRefusedError
from survey_app.services.released import MeanwhileError, NoReleaseError, WithdrawalRefusedError
from survey_app.services.roles import Principal
from survey_app.views.managed import managed_wave

publishing = Blueprint("publishing", __name__, url_prefix="/publishing")

CONFLICT, UNPROCESSABLE = 409, 422


@publishing.get("/")
def index() -> ResponseReturnValue:
    """The waves someone looks after, and what is published of each."""
    manager = cast(Principal, current_user)
    held = released.history(session())
    waves = all_looked_after(session(), manager.area_codes(*MANAGERS))
    return render_template(
        "publishing/index.html", rows=presenter.waves(waves, held, i18n.current_language().code)
    )


@publishing.get("/<slug>")
def wave(slug: str) -> ResponseReturnValue:
    """What would be published of one wave, if that was worked out lately, and what has been."""
    found = managed_wave(slug)
    note_read("publishing.read", f"wave:{slug}")
    return _page(found)


@publishing.post("/<slug>/work-out")
def work_out(slug: str) -> ResponseReturnValue:
    """Work out what would be published. Nothing is."""
    found = managed_wave(slug)
    if proposals.too_large(session(), found):
        return _page(found, problems=[("work-out", presenter.too_large())]), UNPROCESSABLE
    close_session()  # it takes a while, and would keep a connection waiting
    try:
        proposals.work_out(settings(), slug)
    except BusyError:
        busy = _("A release is being worked out just now. Try again in a minute.")
        return _page(managed_wave(slug), problems=[("work-out", busy)]), CONFLICT
    except ProposalRefusedError as refused:
        problems = [("work-out", reason) for reason in refused.reasons]
        return _page(managed_wave(slug), problems=problems), UNPROCESSABLE
    return redirect(url_for("publishing.wave", slug=slug))


@publishing.post("/<slug>/publish")
@writes
def publish(slug: str) -> ResponseReturnValue:
    """Publish what was looked at."""
    found = managed_wave(slug)
    if request.form.get("sure") != "yes":
        return _page(found, problems=[("sure", _("Tick the box if you are sure."))]), UNPROCESSABLE
    try:
        number = proposals.publish(
            session(),
            found,
            request.form.get("digest", ""),
            settings().data_folder,
            actor=current_user.user_id,
        )
    except MeanwhileError:
        proposals.discard(settings().data_folder, slug)
        words = _(
            "Something was published or withdrawn, or a comment taken back, since this was worked out. "
            "Work it out again."
        )
        return _page(found, problems=[("work-out", words)]), CONFLICT
    except ProposalRefusedError:
        words = _("This is not the newest proposal any more. Look at what is here now.")
        return _page(found, problems=[("work-out", words)]), CONFLICT
    proposals.discard(settings().data_folder, slug)
    flash(_("Release %(number)s is published.", number=number), "good")
    return redirect(url_for("publishing.wave", slug=slug))


@publishing.post("/<slug>/withdraw")
@writes
def withdraw(slug: str) -> ResponseReturnValue:
    """Show a release no more."""
    found = managed_wave(slug)
    number, because = request.form.get("number", ""), request.form.get("because", "")
    try:
        gone = released.withdraw(
            session(),
            found,
            int(number) if number.isdecimal() else 0,
            because,
            actor=current_user.user_id,
            with_later=request.form.get("later") == "yes",
        )
    except NoReleaseError:
        words = _("Choose a release.")
        return _page(found, problems=[("number", words)], because=because), UNPROCESSABLE
    except WithdrawalRefusedError as refused:
        problems = [("because", reason) for reason in refused.reasons]
        return _page(found, problems=problems, because=because), UNPROCESSABLE
    proposals.discard(settings().data_folder, slug)
    flash(_("Withdrawn: release %(numbers)s.", numbers=", ".join(map(str, gone))), "good")
    return redirect(url_for("publishing.wave", slug=slug))


def _page(found: Wave, *, problems: list[tuple[str, str]] | None = None, because: str = "") -> str:
    language = i18n.current_language().code
    history = released.history(session(), found.slug)
    proposal = proposals.current(settings().data_folder, found.slug)
    return render_template(
        "publishing/wave.html",
        wave=found,
        proposal=presenter.proposal(proposal, language) if proposal else None,
        history=histories.rows(history, language),
        problems=problems or [],
        because=because,
        longest=released.LONGEST_REASON,
    )
