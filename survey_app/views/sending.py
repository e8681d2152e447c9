"""The end of a resident's visit: check, send, receipt; or save for later, stop, and clear the device."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.extensions import limiter, session, settings, writes
from survey_app.i18n import current_language
from survey_app.presenters import dates, qr
from survey_app.presenters.summary import summary
from survey_app.services import mail, paradata, response, signals, submission
from survey_app.services.withdrawal import WITHDRAWN
from survey_app.store import areas
from survey_app.views import devices, tickets
from survey_app.views.visit import (
    FROM_CHECK,
    Visit,
    draw,
    message,
    receipt_or_start,
    trapped,
    visit_to,
    visiting,
)

sending = Blueprint("sending", __name__)

UNPROCESSABLE = 422

limit_mail = limiter.limit("5 per hour", methods=["POST"])


@sending.route("/s/<slug>/check", methods=["GET", "POST"])
@writes
@visiting()
def check(visit: Visit) -> ResponseReturnValue:
    """Every answer on one page; sending it submits once, however often it is sent."""
    if visit.response is None:
        return receipt_or_start(visit)
    if request.method == "GET":
        return _check_page(visit)
    try:
        sent = submission.submit(
            session(),
            visit.wave,
            visit.asking.original,
            visit.response.id,
            actor="resident",
            language=current_language().code,
            doubts=(paradata.HONEYPOT,) if trapped() else (),
        )
    except submission.GoneError:
        return receipt_or_start(visit_to(visit.wave, visit.ticket, None))
    except submission.IncompleteError as refusal:
        return _check_page(visit, refusal.items), UNPROCESSABLE
    signals.note(
        session(),
        sent,
        secret=settings().secret_key,
        address=request.remote_addr or "",
        device_used=devices.used(visit.wave.slug),
    )
    devices.mark(visit.wave.slug)
    return receipt_or_start(visit_to(visit.wave, visit.ticket, sent))


def _check_page(visit: Visit, unanswered: tuple[str, ...] = ()) -> str:
    if visit.response is None:
        raise ValueError("there is nothing to check")
    sections = summary(visit.asking, visit.sections(), visit.answers)
    place = visit.place_step()
    code, vintage = visit.response.area_code, visit.response.area_vintage
    found = areas.by_code(session(), code, vintage) if code else None

    def change(item: str) -> str:
        return visit.address("resident.section", code=visit.page_of(item), **FROM_CHECK)

    from_postcode = found is not None and visit.response.postcode is not None
    return draw(
        visit,
        "resident/check.html",
        sections=sections,
        change=change,
        back=visit.address("parts.show")
        if visit.by_parts
        else visit.address("resident.section", code=visit.steps[-1].code),
        place_section=place.section.code if place else None,
        area=visit.asking.voice.quote(found.name) if found is not None else None,
        choose_area=None if from_postcode else visit.address("resident.area", **FROM_CHECK),
        problems=[
            (
                f"{change(row.code)}#q-{row.code}",
                _("Answer this question before you send your answers.")
                if row.missing
                else _("Look at this answer again before you send your answers."),
                row.question,
            )
            for section in sections
            for row in section.rows
            if row.code in unanswered
        ],
    )


@sending.get("/s/<slug>/receipt")
@visiting(open_only=False)
def receipt(visit: Visit) -> ResponseReturnValue:
    if visit.response is None or not visit.sent:
        return redirect(visit.address("resident.carry_on"))
    moment = visit.response.submitted_at
    if visit.response.status == WITHDRAWN or moment is None:
        return redirect(visit.address("receipt.answers"))
    return draw(
        visit,
        "resident/receipt.html",
        closes_on=visit.closing_day(),
        sent_on=dates.local_day(moment, visit.asking.voice.page),
        sent_at=dates.clock(moment, visit.asking.voice.page),
        results_on=visit.results_day(),
        had_postcode=visit.place_step() is not None,
    )


@sending.get("/s/<slug>/later")
@visiting()
def later(visit: Visit) -> ResponseReturnValue:
    if visit.response is None:
        return receipt_or_start(visit)
    return _later_page(visit)


@sending.post("/s/<slug>/later")
@limit_mail
@visiting()
def mail_code(visit: Visit) -> ResponseReturnValue:
    """Send the code to an address, which is used for this one message and kept nowhere."""
    if visit.response is None or visit.ticket is None:
        return receipt_or_start(visit)
    if not settings().smtp_host:
        return redirect(visit.address("sending.later"))
    typed = request.form.get("email", "").strip()[:254]
    if not mail.is_address(typed):
        error = _("Enter an email address in full, such as name@example.org.")
        return _later_page(visit, typed, error), UNPROCESSABLE
    title = _("Your code for %(survey)s", survey=visit.wave.title)
    text = "\n\n".join(
        (
            _("You asked us to send you this code:"),
            visit.ticket.code,
            _("To carry on, open this link, or go to the address and type the code:"),
            _resume_link(visit.ticket.code),
            _("Come back by the end of %(day)s.", day=visit.closing_day()),
            _("We have not kept your email address."),
        )
    )
    try:
        mail.send(settings(), typed, title, text)
    except mail.NotSentError:
        error = _("We could not send the email. Check the address, or write the code down instead.")
        return _later_page(visit, typed, error), 503
    return _later_page(visit, sent=True)


def _later_page(visit: Visit, typed: str = "", error: str = "", *, sent: bool = False) -> str:
    code = visit.ticket.code if visit.ticket is not None else ""
    return draw(
        visit,
        "resident/later.html",
        closes_on=visit.closing_day(),
        qr=qr.picture(_resume_link(code)),
        can_mail=bool(settings().smtp_host),
        typed=typed,
        problems=[("#email", error, None)] if error else [],
        mailed=sent,
    )


def _resume_link(code: str) -> str:
    """The code stands after the #: browsers send it to nobody, so no log and no other site sees it."""
    return f"{url_for('resume.resume', _external=True)}#{code}"


@sending.post("/s/<slug>/stop")
@writes
@visiting(open_only=False)
def stop(visit: Visit) -> ResponseReturnValue:
    """Delete a draft for good. Answers already sent stay as they are."""
    if visit.sent:
        return receipt_or_start(visit)
    if visit.response is not None:
        response.discard(session(), visit.response)
    tickets.forget(visit.wave.slug)
    return message(
        _("You have stopped, and nothing has been kept"),
        _("Everything you told us in this survey has been deleted."),
        links=((visit.address("resident.start"), _("Go back to the start")),),
    )


@sending.post("/s/<slug>/finish")
def finish(slug: str) -> ResponseReturnValue:
    """Leave nothing in this browser. What was saved or sent stays with us."""
    language = current_language().code
    tickets.forget_all()
    return redirect(url_for("sending.cleared", slug=slug, lang=language))


@sending.get("/s/<slug>/cleared")
def cleared(slug: str) -> ResponseReturnValue:
    return message(
        _("This device is clear"),
        _("Your answers are safe with us. Nothing of them is left here, so you can pass the device on."),
        _("For a day it notes that answers were sent from it, but not whose, or what they said."),
        links=((url_for("resident.start", slug=slug), _("Start for the next person")),),
    )
