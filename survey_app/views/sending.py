"""The end of a resident's visit: check, send, receipt; or save for later, stop, and clear the device."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.extensions import session, writes
from survey_app.i18n import current_language
from survey_app.presenters import dates
from survey_app.presenters.summary import summary
from survey_app.services import paradata, response, submission
from survey_app.store import areas
from survey_app.views import tickets
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
    if visit.response.status != "submitted" or moment is None:
        return message(
            _("These answers have been removed"), _("They are not counted, and nothing of them is kept.")
        )
    return draw(
        visit,
        "resident/receipt.html",
        closes_on=visit.closing_day(),
        sent_on=dates.local_day(moment, visit.asking.voice.page),
        sent_at=dates.clock(moment, visit.asking.voice.page),
        had_postcode=visit.place_step() is not None,
    )


@sending.get("/s/<slug>/later")
@visiting()
def later(visit: Visit) -> ResponseReturnValue:
    if visit.response is None:
        return receipt_or_start(visit)
    return draw(visit, "resident/later.html", closes_on=visit.closing_day())


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
        links=((url_for("resident.start", slug=slug), _("Start for the next person")),),
    )
