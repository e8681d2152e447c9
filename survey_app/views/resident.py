"""A resident answers: the start of a wave, one section a page, and choosing a place from a list."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from questionnaires import answering, routing
from questionnaires.answering import AnswerFault, Policy, Reading
from questionnaires.answers import Missing
from questionnaires.faults import Fault
from questionnaires.kinds import PREFER_NOT_TO_SAY
from questionnaires.paging import pages_by_code
from questionnaires.piping import piped
from questionnaires.postcodes import spaced
from survey_app.extensions import session, settings, writes
from survey_app.forms.items import draw_field, error_words, keepable
from survey_app.i18n import current_language
from survey_app.presenters.places import district_choices
from survey_app.presenters.questions import Asking, Question, section_page
from survey_app.services import paradata, places, response
from survey_app.services.places import Finding, Found
from survey_app.services.response import Place, Response
from survey_app.views import tickets
from survey_app.views.visit import (
    FROM_CHECK,
    Step,
    Visit,
    draw,
    from_check,
    message,
    receipt_or_start,
    trapped,
    visit_to,
    visiting,
)

resident = Blueprint("resident", __name__)

UNPROCESSABLE = 422
PARAGRAPH = "\n\n"


@resident.get("/s/<slug>")
@visiting()
def start(visit: Visit) -> ResponseReturnValue:
    said = zip(
        visit.asking.translated.introduction.split(PARAGRAPH),
        visit.asking.original.introduction.split(PARAGRAPH),
        strict=False,
    )
    voice = visit.asking.voice
    return draw(
        visit,
        "resident/start.html",
        closes_on=visit.closing_day(),
        title=voice.say(visit.asking.translated.title, visit.asking.original.title),
        wave_title=voice.quote(visit.wave.title),
        introduction=[voice.say(text.strip(), written.strip()) for text, written in said],
        contact=settings().contact or visit.asking.original.contact,
        started=visit.response is not None,
        exit=visit.offers_exit(),
        first=visit.address("resident.section", code=visit.steps[0].code),
    )


@resident.get("/s/<slug>/continue")
@visiting()
def carry_on(visit: Visit) -> ResponseReturnValue:
    if visit.response is None:
        return receipt_or_start(visit)
    return redirect(visit.onward())


@resident.route("/s/<slug>/q/<code>", methods=["GET", "POST"])
@writes
@visiting()
def section(visit: Visit, code: str) -> ResponseReturnValue:
    """One page: drawn, or saved and left for the next."""
    step = visit.step(code)
    if step is None:
        known = code in pages_by_code(visit.asking.original)
        return redirect(visit.onward()) if known and visit.response is not None else abort(404)
    if visit.response is None and step.number > 1:
        return receipt_or_start(visit)
    if request.method == "POST":
        return _answered(visit, step)
    if visit.ticket is None:  # made before anything is stored, so that a page sent twice starts one response
        tickets.keep(visit.wave.slug, response.new_ticket())
    return _section_page(visit, step)


@resident.get("/s/<slug>/stay")
@visiting()
def stay(visit: Visit) -> ResponseReturnValue:
    """Someone is still there: their place on this device is kept for longer."""
    return "", 204


def _answered(visit: Visit, step: Step) -> ResponseReturnValue:
    names = [name for item in step.items for name in answering.field_names(item)]
    raw = {name: request.form.getlist(name) for name in names}
    reading = answering.read(step.items, raw, Policy.SELF)
    action = request.form.get("action")
    if action == "rest":
        return _left(visit, step, reading)
    if step.consenting and (action == "decline" or _refused(reading, raw)):
        return _declined(visit)
    problems = (*reading.problems, *_doubts(visit, step, reading))
    if problems:
        return _section_page(visit, step, raw, problems), UNPROCESSABLE
    postcode = _postcode(step, reading)
    finding = places.find(session(), visit.wave, postcode) if postcode else None
    if finding is not None and finding.found is Found.OUTSIDE and finding.area is not None:
        district = places.district_name(session(), finding.area)
        return _outside(visit, visit.address("resident.section", code=step.code), postcode, district)
    saved = _save(visit, step, reading, _place(visit, step, postcode, finding))
    if saved is None or saved.status != "draft":
        return receipt_or_start(visit_to(visit.wave, visit.ticket, saved))
    if action == "later":
        return redirect(visit.address("sending.later"))
    return redirect(_next(visit_to(visit.wave, visit.ticket, saved), step))


def _doubts(visit: Visit, step: Step, reading: Reading) -> tuple[Fault, ...]:
    """What the questionnaire's own checks ask about the answers of this page, where that was not settled."""
    if not any(item.checks for item in step.items):
        return ()
    questionnaire = visit.asking.translated
    answers = routing.follow(questionnaire, {**visit.answers, **reading.answers}).answers
    asked = [item for item in step.items if item.code in reading.answers]
    found = answering.check(asked, answers, frozenset(request.form.getlist("confirm")))
    return tuple(
        replace(
            doubt, params={**doubt.params, "text": piped(str(doubt.params["text"]), questionnaire, answers)}
        )
        for doubt in found
    )


def _left(visit: Visit, step: Step, reading: Reading) -> ResponseReturnValue:
    """The page was left open until its time was up: what can be taken is kept, the rest is asked again.

    Not a postcode: whether it is inside the survey's area is for the person to see.
    """
    if visit.response is not None:
        apart = {step.postcode.code} if step.postcode else set()
        kept = {code: value for code, value in reading.answers.items() if code not in apart}
        _save(visit, step, Reading(kept), None)
    return redirect(visit.address("resident.section", code=step.code))


def _save(visit: Visit, step: Step, reading: Reading, place: Place | None) -> Response | None:
    """Start the response with its first page, or merge a page into it. None when it was discarded."""
    key, found = settings().secret_key, visit.response
    if found is None:
        if (
            visit.ticket is None
        ):  # no cookie came back; the proof that the form is ours would have failed first
            return None
        found = response.start(session(), visit.wave, visit.ticket, current_language().code, key)
    seconds = paradata.seconds_since(request.form.get("drawn", ""), step.code, key)
    noted = paradata.with_page(found.paradata, step.code, seconds)
    if trapped():
        noted = paradata.with_flag(noted, paradata.HONEYPOT)
    return response.save(session(), visit.asking.original, found, reading.answers, place, noted)


def _postcode(step: Step, reading: Reading) -> str:
    """The postcode that was given on this page, or "" for none."""
    given = None if step.postcode is None else reading.answers.get(step.postcode.code)
    return "" if given is None or isinstance(given, Missing) else str(given)


def _place(visit: Visit, step: Step, postcode: str, finding: Finding | None) -> Place | None:
    """Where this page says the answers belong; None leaves a place chosen from the list as it is."""
    if finding is not None:
        return Place(postcode, finding.area)
    from_list = visit.response is not None and visit.response.postcode is None
    return None if step.postcode is None or from_list else Place()


def _refused(reading: Reading, raw: dict[str, list[str]]) -> bool:
    """Someone said no to a consent that taking part needs, rather than leaving it blank."""
    return any(
        fault.fault is AnswerFault.CONSENT_NEEDED and any(mark.strip() for mark in raw.get(fault.item, ()))
        for fault in reading.problems
    )


def _declined(visit: Visit) -> ResponseReturnValue:
    if visit.response is not None:
        response.discard(session(), visit.response)
    tickets.forget(visit.wave.slug)
    return message(
        _("That is fine. Nothing has been kept"),
        _("You do not have to take part, and nobody will ask you why."),
        _("If you change your mind you can start again while the survey is open."),
        links=((visit.address("resident.start"), _("Go back to the start")),),
    )


def _next(visit: Visit, step: Step) -> str:
    """The address after a saved section: the list of places if it is needed, else onward or the check."""
    if step.postcode is not None and visit.response is not None and visit.response.area_code is None:
        return visit.address("resident.area", **(FROM_CHECK if from_check() else {}))
    return _after(visit, step)


def _after(visit: Visit, step: Step) -> str:
    following = visit.unseen() if from_check() else visit.beside(step, +1)
    if visit.by_parts and not from_check() and (following is None or following.section is not step.section):
        return visit.address("parts.show")
    if following is None:
        return visit.address("sending.check")
    extra = FROM_CHECK if from_check() else {}
    return visit.address("resident.section", code=following.code, **extra)


def _section_page(
    visit: Visit, step: Step, raw: dict[str, list[str]] | None = None, problems: tuple[Fault, ...] = ()
) -> str:
    page = section_page(
        visit.asking,
        step.section,
        step.items,
        visit.answers,
        typed=raw,
        errors=error_words(problems),
        keep=keepable(problems),
        confirmed=request.form.getlist("confirm"),
        seed=visit.ticket.response_id if visit.ticket else "",
    )
    previous = visit.beside(step, -1)
    if from_check():
        back = visit.address("sending.check")
    elif visit.by_parts and (previous is None or previous.section is not step.section):
        back = visit.address("parts.show")
    elif previous is None:
        back = visit.address("resident.start")
    else:
        back = visit.address("resident.section", code=previous.code)
    mark = request.form.get("drawn", "") if problems else paradata.drawn(step.code, settings().secret_key)
    return draw(
        visit,
        "resident/section.html",
        page=page,
        progress=visit.progress(step),
        drawn=mark,
        exit=step.section.offers_exit,
        rest_minutes=settings().rest_minutes,
        started=visit.response is not None,
        closes_on=visit.closing_day(),
        field=partial(_drawn, visit.asking),
        back=back,
        consenting=step.consenting,
        trap=step.number == 1,
        problems=page.problems,
    )


def _drawn(asking: Asking, question: Question) -> str:
    """A question as HTML. With nothing in it, it is the same for everyone, and drawn once in a language."""
    if question is not asking.blanks.get(question.code):
        return draw_field(question)
    if question.code not in asking.drawn:
        asking.drawn[question.code] = draw_field(question)
    return asking.drawn[question.code]


def _outside(visit: Visit, back: str, postcode: str = "", district: str = "") -> ResponseReturnValue:
    """Told kindly and not saved: the page is drawn by the form that was sent, and nothing is kept of it."""
    shown = spaced(postcode) if postcode else ""
    return draw(visit, "resident/outside.html", back_to=back, back=back, postcode=shown, district=district)


@resident.route("/s/<slug>/area", methods=["GET", "POST"])
@writes
@visiting()
def area(visit: Visit) -> ResponseReturnValue:
    """Where there is no postcode to go by: a place from a list, or none."""
    step = visit.place_step()
    if visit.response is None or step is None or step.postcode is None:
        return receipt_or_start(visit)
    settled = visit.response.postcode is not None and visit.response.area_code is not None
    if settled:
        return redirect(visit.address("resident.section", code=step.code))
    if request.method == "GET":
        return _area_page(visit, step)
    picked = request.form.get("area", "")
    if picked == "elsewhere":
        return _outside(visit, visit.address("resident.area"))
    chosen = None if picked == PREFER_NOT_TO_SAY else places.chosen(session(), visit.wave, picked)
    if chosen is None and picked != PREFER_NOT_TO_SAY:
        return _area_page(visit, step, _("Choose your area, or choose “I'd rather not say”.")), UNPROCESSABLE
    # The postcode that was not known has done its work; what is not needed is not kept.
    said = Missing.PREFER_NOT_TO_SAY if chosen is None else Missing.NOT_ANSWERED
    saved = response.save(
        session(), visit.asking.original, visit.response, {step.postcode.code: said}, Place(None, chosen)
    )
    after = visit_to(visit.wave, visit.ticket, saved)
    return redirect(_after(after, step))


def _area_page(visit: Visit, step: Step, error: str = "") -> str:
    districts = places.choices(session(), visit.wave)
    current = visit.response.area_code if visit.response is not None else None
    postcode = visit.response.postcode if visit.response is not None else None
    shown = district_choices(districts, visit.asking.voice, current)
    return draw(
        visit,
        "resident/area.html",
        back=visit.address("resident.section", code=step.code),
        districts=shown,
        current=current,
        postcode=spaced(postcode) if postcode else "",
        problems=[("#area-decline", error, None)] if error else [],
    )
