"""After sending: a resident sees their own answers, downloads them, or takes them back, with their code."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from questionnaires.kinds import KINDS
from questionnaires.model import Item
from survey_app import i18n
from survey_app.extensions import limiter, session, settings, writes
from survey_app.presenters import answers_pdf, dates
from survey_app.presenters.summary import Row, SectionSummary, summary
from survey_app.presenters.words import Words
from survey_app.services import contacts, fieldwork, response, withdrawal
from survey_app.services.withdrawal import WITHDRAWN, TooLateError
from survey_app.store import areas, waves
from survey_app.views import tickets
from survey_app.views.visit import Visit, draw, message, visiting

receipts = Blueprint("receipt", __name__)

limit_tries = limiter.limit(lambda: settings().sign_in_limit, methods=["POST"])


@receipts.route("/receipt", methods=["GET", "POST"])
@limit_tries
def receipt() -> ResponseReturnValue:
    """A code leads to its answers; what is wrong with a wrong one is never said."""
    i18n.remember()
    if request.method == "GET":
        return _code_page()
    typed = request.form.get("code", "")[:40]
    found = response.by_code(session(), typed, settings().secret_key)
    wave = waves.by_id(session(), found[0].wave_id) if found is not None else None
    if found is None or wave is None:
        return _code_page(
            typed, _("We could not find answers with that code. Check it and type it again.")
        ), 422
    tickets.keep(wave.slug, found[1])
    draft = found[0].status == response.DRAFT
    return redirect(url_for("resident.carry_on" if draft else "receipt.answers", slug=wave.slug))


def _code_page(typed: str = "", error: str = "") -> str:
    return render_template(
        "resident/receipt_code.html",
        typed=typed,
        error=error,
        switch_languages=i18n.offered(),
        switch_address=lambda code: url_for("receipt.receipt", lang=code),
    )


@receipts.get("/s/<slug>/answers")
@visiting(open_only=False)
def answers(visit: Visit) -> ResponseReturnValue:
    if not _own(visit):
        return redirect(url_for("receipt.receipt"))
    if visit.response is not None and visit.response.status == WITHDRAWN:
        return _withdrawn(visit)
    return draw(
        visit,
        "resident/answers.html",
        sections=_sections(visit),
        area=_area(visit),
        sent_on=_sent_on(visit),
        forgets=_forgets(visit),
        can_download=answers_pdf.can_write(visit.asking.voice.page),
        can_withdraw=_may_withdraw(visit),
        results_on=visit.results_day(),
        contact=settings().contact or visit.asking.original.contact,
    )


@receipts.get("/s/<slug>/answers.pdf")
@visiting(open_only=False)
def download(visit: Visit) -> ResponseReturnValue:
    if not _own(visit) or (visit.response is not None and visit.response.status == WITHDRAWN):
        return redirect(visit.address("receipt.answers"))
    if not answers_pdf.can_write(visit.asking.voice.page):
        abort(404)
    area = _area(visit)
    lines = [
        visit.asking.voice.quote(visit.wave.title),
        Words(_("We received them on %(day)s.", day=_sent_on(visit))),
    ]
    sections = answers_pdf.filled(_sections(visit), _("Not answered"), _("Prefer not to say"))
    place = Row("", Words(""), (area or Words(_("Not given")),), None)
    made = answers_pdf.answers_pdf(
        i18n.current_language(),
        _("Your answers"),
        lines,
        [*sections, (Words(_("Your area")), [place])],
    )
    headers = {"Content-Disposition": f'attachment; filename="answers-{visit.wave.slug}.pdf"'}
    return Response(made, mimetype="application/pdf", headers=headers)


@receipts.get("/s/<slug>/withdraw")
@visiting(open_only=False)
def confirm(visit: Visit) -> ResponseReturnValue:
    """Ask before erasing; or say why it is too late, and whom to ask."""
    if not _own(visit) or (visit.response is not None and visit.response.status == WITHDRAWN):
        return redirect(visit.address("receipt.answers"))
    if not _may_withdraw(visit):
        return _too_late(visit)
    return draw(
        visit,
        "resident/withdraw.html",
        gave_contact=contacts.asked_for(visit.asking.original),
        back=visit.address("receipt.answers"),
    )


@receipts.post("/s/<slug>/withdraw")
@limit_tries
@writes
@visiting(open_only=False)
def withdraw(visit: Visit) -> ResponseReturnValue:
    if not _own(visit) or visit.response is None:
        return redirect(url_for("receipt.receipt"))
    try:
        now = withdrawal.withdraw_own(
            session(), visit.wave, visit.response, settings().secret_key, fieldwork.today()
        )
    except TooLateError:
        return _too_late(visit), 409
    contact = request.form.get("contact", "")[:254]
    if now and contact and contacts.asked_for(visit.asking.original):
        contacts.forget(session(), visit.wave, contact, actor="resident")
    return redirect(visit.address("receipt.answers"))


def _own(visit: Visit) -> bool:
    """Whether this browser holds the code of answers that were sent."""
    return visit.response is not None and visit.sent


def _may_withdraw(visit: Visit) -> bool:
    return visit.response is not None and withdrawal.may_withdraw(
        session(), visit.wave, visit.response, fieldwork.today()
    )


def _withdrawn(visit: Visit) -> str:
    held = visit.response
    day = dates.day(held.withdrawn_on, visit.asking.voice.page) if held and held.withdrawn_on else ""
    return message(
        _("These answers have been removed"),
        _("They were taken back on %(day)s.", day=day) if day else "",
        _("They are not counted, and nothing of them is kept."),
        wave_title=visit.asking.voice.quote(visit.wave.title),
    )


def _too_late(visit: Visit) -> str:
    day = visit.results_day()
    contact = settings().contact or visit.asking.original.contact
    return message(
        _("These answers can no longer be taken back"),
        _("You could take them back until the end of %(day)s, the day planned for the results.", day=day)
        if day
        else _("Results that count them have come out."),
        _("They are only shown added together with other people's. Nobody is shown what one person said."),
        _("If this worries you, ask us: %(contact)s", contact=contact) if contact else "",
        links=((visit.address("receipt.answers"), _("See your answers")),),
        wave_title=visit.asking.voice.quote(visit.wave.title),
    )


def _sections(visit: Visit) -> tuple[SectionSummary, ...]:
    kept = [(section, [item for item in items if _is_kept(item)]) for section, items in visit.sections()]
    return summary(visit.asking, [(section, items) for section, items in kept if items], visit.answers)


def _forgets(visit: Visit) -> bool:
    """Whether something was asked that is not with the answers any more."""
    return any(KINDS[item.kind].forgotten for item in visit.asking.original.items())


def _is_kept(item: Item) -> bool:
    """Whether an answer to this is with the others once they are sent."""
    return KINDS[item.kind].asked and not KINDS[item.kind].forgotten


def _area(visit: Visit) -> Words | None:
    held = visit.response
    found = areas.by_code(session(), held.area_code, held.area_vintage) if held and held.area_code else None
    return visit.asking.voice.quote(found.name) if found is not None else None


def _sent_on(visit: Visit) -> str:
    moment = visit.response.submitted_at if visit.response is not None else None
    return dates.local_day(moment, visit.asking.voice.page) if moment is not None else ""
