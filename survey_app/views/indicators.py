"""Bespoke indicators: listed, made, looked at before they are kept, changed and removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from questionnaires.bespoke import Definition
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from questionnaires.problems import FileRefusedError
from survey_app.access import MANAGERS
from survey_app.extensions import close_session, session, settings, writes
from survey_app.forms import indicators as forms
from survey_app.forms.indicators import Problem, Typed
from survey_app.presenters import indicators as presenter
from survey_app.reading_trail import note_read
from survey_app.services import indicators as service
from survey_app.services import previews, proposals
from survey_app.services import questionnaire as questionnaires
from survey_app.services.indicators import ChangedError, Held, NoIndicatorError
from survey_app.services.keying import Wave
from survey_app.services.previews import Preview
from survey_app.services.proposals import BusyError, ProposalRefusedError
from survey_app.services.roles import Principal

indicators = Blueprint("indicators", __name__, url_prefix="/indicators")

CONFLICT, UNPROCESSABLE = 409, 422


@dataclass(frozen=True)
class Desk:
    """What a form is about: a questionnaire, its framework, and the indicator being changed, if any."""

    asked: Questionnaire
    framework: Framework
    held: Held | None = None

    @property
    def code(self) -> str:
        return self.held.definition.code if self.held else ""


@dataclass(frozen=True)
class Looked:
    """What was found out about a definition before keeping it. why_not: why there are no figures."""

    definition: Definition
    wave: Wave | None = None
    preview: Preview | None = None
    why_not: tuple[str, ...] = ()


@indicators.get("/")
def index() -> ResponseReturnValue:
    """Every indicator of the questionnaires that someone looks after."""
    mine = _mine()
    rows = [
        (held, desk, presenter.titles(held.definition, desk.framework), presenter.uses(held.releases))
        for held in service.all_held(session())
        if held.definition.questionnaire in mine
        and (desk := _desk(held.definition.questionnaire, held)) is not None
    ]
    desks = [desk for each in mine if (desk := _desk(each)) is not None]
    return render_template("indicators/index.html", rows=rows, questionnaires=[desk.asked for desk in desks])


@indicators.get("/new")
def new() -> ResponseReturnValue:
    """An empty form, for one of the questionnaires that someone looks after."""
    mine = _mine()
    chosen = request.args.get("questionnaire") or (mine[0] if mine else "")
    desk = _desk(chosen) if chosen in mine else None
    return _page(desk or abort(404), Typed())


@indicators.get("/<code>")
def edit(code: str) -> ResponseReturnValue:
    """The form of an indicator as it stands."""
    desk = _held(code)
    note_read("indicators.read", f"indicator:{code}")
    if desk.held is None or not forms.fits(desk.held.definition, desk.asked):
        return _page(desk, None)
    return _page(desk, forms.of(desk.held.definition))


@indicators.post("/preview")
def preview() -> ResponseReturnValue:
    """Say in words what would be measured, and the figures it would have. Nothing is kept."""
    desk = _sent()
    typed, definition, problems = _typed(desk)
    if definition is None:
        return _page(desk, typed, problems=problems), UNPROCESSABLE
    areas = cast(Principal, current_user).area_codes(*MANAGERS)
    wave = service.tried_on(session(), desk.asked.id, areas)
    if wave is None:
        none = (_("No wave of this questionnaire has opened yet, so there are no figures to try it on."),)
        return _page(desk, typed, looked=Looked(definition, why_not=none))
    if proposals.too_large(session(), wave):
        many = (_("The wave has too many answers to try it on here."),)
        return _page(desk, typed, looked=Looked(definition, wave, why_not=many))
    slug = wave.slug
    close_session()  # it takes a while, and would keep a connection waiting
    found, why_not = None, tuple[str, ...]()
    try:
        found = previews.work_out(settings(), slug, definition)
    except BusyError:
        why_not = (_("Something else is being worked out just now. Try again in a minute."),)
    except ProposalRefusedError as refused:
        why_not = refused.reasons
    wave = service.tried_on(session(), desk.asked.id, areas)
    return _page(desk, typed, looked=Looked(definition, wave, found, why_not))


@indicators.post("/save")
@writes
def save() -> ResponseReturnValue:
    """Keep what was looked at."""
    desk = _sent()
    typed, definition, problems = _typed(desk)
    if definition is None:
        return _page(desk, typed, problems=problems), UNPROCESSABLE
    if request.form.get("looked") != definition.digest:
        words = _("This is not what you looked at last. See what it would say, then save it.")
        return _page(desk, typed, problems=[("look", words)]), UNPROCESSABLE
    try:
        service.save(session(), definition, _number("seen"), actor=current_user.user_id)
    except ChangedError:
        return _collided(desk, typed), CONFLICT
    flash(_("Saved. It counts from the next release on."), "good")
    return redirect(url_for("indicators.index"))


@indicators.post("/<code>/remove")
@writes
def remove(code: str) -> ResponseReturnValue:
    """Leave an indicator out of releases from now on."""
    desk = _held(code)
    typed = forms.of(desk.held.definition) if desk.held else None
    if request.form.get("sure") != "yes":
        return _page(desk, typed, problems=[("sure", _("Tick the box if you are sure."))]), UNPROCESSABLE
    try:
        service.remove(session(), code, _number("seen"), actor=current_user.user_id)
    except ChangedError:
        return _collided(desk, typed), CONFLICT
    flash(_("Removed. Releases that have it keep it."), "good")
    return redirect(url_for("indicators.index"))


def _collided(desk: Desk, typed: Typed | None) -> str:
    words = _(
        "Someone else saved or removed this indicator after you opened it. What stands now is below, and "
        "what you typed is still in the form. Look at both before you save yours over it."
    )
    now = next((h for h in service.all_held(session()) if h.definition.code == desk.code), None)
    theirs = Desk(desk.asked, desk.framework, now)
    return _page(theirs, typed, problems=[("title", words)], theirs=now, seen=now.version if now else 0)


def _mine() -> list[str]:
    """Ids of the questionnaires whose every wave the person looks after."""
    areas = cast(Principal, current_user).area_codes(*MANAGERS)
    return [id for id in service.askers(settings().library) if service.looked_after(session(), id, areas)]


def _desk(questionnaire: str, held: Held | None = None) -> Desk | None:
    """None when the questionnaire's file is not there or cannot be used."""
    config = settings()
    version = service.askers(config.library).get(questionnaire)
    if version is None:
        return None
    try:
        asked = questionnaires.current(config.library, config.frameworks, questionnaire, version)
        return Desk(asked, questionnaires.framework(config.frameworks, asked.framework), held)
    except (FileRefusedError, LookupError):
        current_app.logger.error("questionnaire %s cannot be used for indicators", questionnaire)
        return None


def _held(code: str) -> Desk:
    """The indicator at this address if the person looks after it; otherwise there is no page here."""
    try:
        held = service.one(session(), code)
    except NoIndicatorError:
        abort(404)
    if held.definition.questionnaire not in _mine():
        abort(404)
    return _desk(held.definition.questionnaire, held) or abort(404)


def _sent() -> Desk:
    """What a form that was sent is about. One that was removed meanwhile is saved as new, or collides."""
    code, questionnaire = request.form.get("code", ""), request.form.get("questionnaire", "")
    if questionnaire not in _mine():
        abort(404)
    held = None
    if code:
        held = next((h for h in service.all_held(session()) if h.definition.code == code), None)
        if held is not None and held.definition.questionnaire != questionnaire:
            abort(404)
    return _desk(questionnaire, held) or abort(404)


def _typed(desk: Desk) -> tuple[Typed, Definition | None, list[Problem]]:
    typed = forms.read(request.form, desk.asked)
    code = request.form.get("code", "")[:40]
    taken = service.taken(session(), but=code)
    return typed, *forms.define(typed, desk.asked, desk.framework, code=code, taken=taken)


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _page(
    desk: Desk,
    typed: Typed | None,
    *,
    problems: list[Problem] | None = None,
    looked: Looked | None = None,
    theirs: Held | None = None,
    seen: int | None = None,
) -> str:
    """The form. typed: None for an indicator that only its file can say. theirs: what stands after all.

    seen: the version that what is saved next takes the place of; by default the one the form was opened with.
    """
    standing = theirs or desk.held
    if seen is None:
        opened = standing.version if standing else 0
        seen = _number("seen") if request.method == "POST" else opened
    return render_template(
        "indicators/form.html",
        desk=desk,
        typed=typed,
        groups=presenter.groups(desk.asked, forms.offered(desk.asked).values()),
        averaged=forms.averaged(desk.asked).values(),
        places=presenter.places(desk.framework),
        problems=problems or [],
        looked=looked,
        measure=presenter.measure(looked.definition, desk.asked) if looked else None,
        levels=presenter.levels(looked.preview) if looked and looked.preview else (),
        standing=presenter.measure(standing.definition, desk.asked) if standing else None,
        theirs=theirs,
        uses=presenter.uses(standing.releases) if standing else "",
        seen=seen,
        code=desk.code or request.form.get("code", "")[:40],
    )
