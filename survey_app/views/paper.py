"""Paper forms: an outreach worker's batches, keying a form on one screen, closing a batch."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from questionnaires.model import Questionnaire
from survey_app import i18n
from survey_app.extensions import session, settings, writes
from survey_app.forms.paper import (
    CloseBatchForm,
    OpenBatchForm,
    check_words,
    fault_words,
    serial_words,
    stop_words,
)
from survey_app.presenters import dates
from survey_app.presenters.keying import Ask, field_name, keyed_names, sheet, valid_words
from survey_app.presenters.questions import Asking, asking
from survey_app.services import fieldwork, keying, places, questionnaire
from survey_app.services import paper as service
from survey_app.services.keying import Batch, Entry, Refused, Saved, Wave
from survey_app.services.paper import BatchClosedError, BatchRefusedError, NewBatch
from survey_app.services.roles import Grant, Role

paper = Blueprint("paper", __name__, url_prefix="/paper")

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Desk:
    """A batch in front of a worker, its wave, and the form as it is asked."""

    batch: Batch
    wave: Wave
    asking: Asking

    @property
    def original(self) -> Questionnaire:
        return self.asking.original


@paper.get("/")
def batches() -> ResponseReturnValue:
    today = fieldwork.today()
    held = service.listed(session(), _organisations(), today)
    return render_template(
        "paper/batches.html",
        open_batches=[each for each in held if each.batch.closed_at is None],
        closed_batches=[each for each in held if each.batch.closed_at is not None],
        waves=[(wave, _languages(wave)) for wave in service.waves_taking_paper(session(), today)],
        day=_day,
        last_day=service.last_day,
    )


@paper.route("/open", methods=["GET", "POST"])
@writes
def open_batch() -> ResponseReturnValue:
    """Choose a wave where there are several, then say where the forms come from and count them."""
    today = fieldwork.today()
    waves = service.waves_taking_paper(session(), today)
    asked = request.args.get("wave", waves[0].slug if len(waves) == 1 else "")
    wave = next((each for each in waves if each.slug == asked), None)
    if wave is None:
        return render_template("paper/choose_wave.html", waves=waves, day=_day, last_day=service.last_day)
    form = OpenBatchForm()
    mine = {grant.organisation_id: grant.organisation for grant in _grants()}
    form.offer((str(id_), name) for id_, name in mine.items())
    if form.validate_on_submit():
        try:
            batch = service.open_batch(
                session(),
                NewBatch(
                    wave=wave,
                    organisation_id=int(form.organisation.data),
                    place=form.place.data or "",
                    held_on=form.held_on.data,
                    returned=form.count(form.returned) or -1,
                    handed_out=form.count(form.handed_out),
                    area_code=form.area.data or "",
                ),
                actor=current_user.user_id,
                today=today,
            )
        except BatchRefusedError as refusal:
            form.refuse(refusal.problems)
        else:
            return redirect(url_for("paper.key", batch_id=batch.id))
    page = render_template(
        "paper/open.html",
        form=form,
        wave=wave,
        several=len(mine) > 1,
        districts=places.choices(session(), wave),
        last_day=_day(service.last_day(wave)),
    )
    return (page, UNPROCESSABLE) if request.method == "POST" else page


@paper.route("/<int(max=2147483647):batch_id>/key", methods=["GET", "POST"])
@writes
def key(batch_id: int) -> ResponseReturnValue:
    """The whole form on one screen: drawn, or recorded and on to the next serial."""
    desk = _desk(batch_id)
    if request.method == "GET":
        return _sheet(desk)
    entry = Entry(
        id=_entry_id(),
        serial=request.form.get("serial", ""),
        raw={name: request.form.getlist(field_name(name)) for name in keyed_names(desk.original)},
        language=request.form.get("language", ""),
        confirmed=frozenset(request.form.getlist("confirmed")),
    )
    result = keying.key(
        session(),
        desk.batch,
        desk.wave,
        desk.original,
        entry,
        actor=current_user.user_id,
        today=fieldwork.today(),
    )
    if isinstance(result, Refused):
        return _sheet(desk, entry, result), UNPROCESSABLE
    return _onward(desk, result, entry.language)


@paper.post("/<int(max=2147483647):batch_id>/spoilt")
@writes
def spoil(batch_id: int) -> ResponseReturnValue:
    desk = _desk(batch_id)
    result = keying.spoil(
        session(),
        desk.batch,
        desk.wave,
        _entry_id(),
        request.form.get("serial", ""),
        actor=current_user.user_id,
        today=fieldwork.today(),
    )
    if isinstance(result, Refused):
        return _sheet(desk, spoilt=(request.form.get("serial", ""), result)), UNPROCESSABLE
    return _onward(desk, result, request.form.get("language", ""))


@paper.route("/<int(max=2147483647):batch_id>/close", methods=["GET", "POST"])
@writes
def close_batch(batch_id: int) -> ResponseReturnValue:
    """Hold what was keyed against what came back, and close the batch."""
    batch = _batch(batch_id)
    form = CloseBatchForm(returned=str(batch.returned))
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.validate_on_submit():
            try:
                service.close_batch(
                    session(),
                    batch,
                    returned=form.count(form.returned) or -1,
                    difference_accepted=bool(form.accept.data),
                    actor=current_user.user_id,
                )
            except BatchRefusedError as refusal:
                form.refuse(refusal.problems)
            except BatchClosedError:
                return redirect(url_for("paper.batches"))
            else:
                flash(_("The batch is closed. Everything keyed from it is saved."), "good")
                return redirect(url_for("paper.batches"))
    if batch.closed_at is not None:
        return redirect(url_for("paper.batches"))
    page = render_template(
        "paper/close.html",
        form=form,
        batch=batch,
        wave=service.wave_of(session(), batch),
        totals=service.totals(session(), batch),
        day=_day,
    )
    return page, status


def _sheet(
    desk: Desk,
    entry: Entry | None = None,
    refused: Refused = Refused(),  # noqa: B008 - frozen
    spoilt: tuple[str, Refused] | None = None,
) -> str:
    """The keying screen: empty for the next form, or as it was sent with everything to put right."""
    errors = {
        fault.item: fault_words(fault, valid_words(desk.original.item(fault.item)))
        for fault in refused.faults
    }
    confirmed = entry.confirmed if entry else frozenset()
    asks = {
        check.item: Ask(check.token, *check_words(check), confirmed=check.token in confirmed)
        for check in refused.checks
    }
    parts = sheet(desk.asking, entry.raw if entry else {}, errors, asks)
    stop = (spoilt[1] if spoilt else refused).stop or keying.stopped(desk.batch, desk.wave, fieldwork.today())
    serial_error = _serial_error(refused)
    problems = [("serial", serial_error)] if serial_error else []
    problems += [
        (line.id, f"{line.number}: {words}")
        for part in parts
        for line in part.lines
        if (words := line.error or (line.ask.doubt if line.ask and not line.ask.confirmed else ""))
    ]
    spoilt_error = _serial_error(spoilt[1]) if spoilt else ""
    language = entry.language if entry else request.args.get("language", "")
    saved = None if entry or spoilt else _saved(desk)
    return render_template(
        "paper/key.html",
        batch=desk.batch,
        wave=desk.wave,
        totals=service.totals(session(), desk.batch),
        parts=parts,
        entry_id=_kept_entry_id(entry, refused),
        serial=entry.serial if entry else "",
        next_serial="" if entry else keying.next_serial(session(), desk.batch, current_user.user_id),
        serial_error=serial_error,
        spoilt_serial=spoilt[0] if spoilt else "",
        spoilt_error=spoilt_error,
        languages=_languages(desk.wave),
        form_language=language if language in desk.wave.languages else desk.wave.languages[0],
        problems=problems + ([("spoilt-serial", spoilt_error)] if spoilt_error else []),
        stop=stop_words(stop) if stop else "",
        focus=problems[0][0] if problems else "spoilt-serial" if spoilt_error else "serial",
        saved=saved,
        counts=keying.counts(session(), desk.original, saved) if saved else None,
        changed=saved is not None and "changed" in request.args,
    )


def _onward(desk: Desk, result: Saved, language: str) -> ResponseReturnValue:
    """To the next form, with the confirmation of this one. Sent twice, it is the same confirmation."""
    extra = {"changed": 1} if result.changed else {}
    known = {"language": language} if language in desk.wave.languages else {}
    return redirect(url_for("paper.key", batch_id=desk.batch.id, saved=result.form.id, **known, **extra))


def _saved(desk: Desk) -> keying.PaperForm | None:
    form_id = request.args.get("saved", "")
    if not form_id.isdecimal() or len(form_id) > 9:
        return None
    return keying.saved_form(session(), desk.batch, int(form_id), current_user.user_id)


def _serial_error(refused: Refused) -> str:
    if refused.serial is None:
        return ""
    moment, page = refused.serial.keyed_at, i18n.current_language().code
    when = f"{dates.local_day(moment, page)}, {dates.clock(moment, page)}" if moment else ""
    return serial_words(refused.serial, when)


def _entry_id() -> str:
    """The id made when the page was drawn. A request without one did not come from the page."""
    try:
        return str(uuid.UUID(request.form.get("entry", "")))
    except ValueError:
        abort(400)


def _kept_entry_id(entry: Entry | None, refused: Refused) -> str:
    """The page keeps its id until it is saved; one saved under another serial needs a new one."""
    used = refused.serial is not None and refused.serial.fault is keying.SerialFault.PAGE_USED
    return str(uuid.uuid4()) if entry is None or used else entry.id


def _desk(batch_id: int) -> Desk:
    batch = _batch(batch_id)
    wave = service.wave_of(session(), batch)
    config, page = settings(), i18n.current_language().code
    original = questionnaire.for_wave(config.library, config.frameworks, wave)
    translated = questionnaire.for_wave(config.library, config.frameworks, wave, page)
    return Desk(batch, wave, asking(translated, original, page))


def _batch(batch_id: int) -> Batch:
    """The batch, if it is the worker's organisation's; locked for a request that may change it."""
    batch = service.find(session(), batch_id, _organisations(), locked=request.method == "POST")
    return batch if batch is not None else abort(404)


def _organisations() -> tuple[int, ...]:
    return tuple(current_user.organisations(Role.OUTREACH_WORKER))


def _grants() -> list[Grant]:
    return [grant for grant in current_user.grants if grant.role is Role.OUTREACH_WORKER]


def _languages(wave: Wave) -> list[i18n.Language]:
    return [i18n.language(code) for code in wave.languages]


def _day(when: date) -> str:
    return dates.day(when, i18n.current_language().code)
