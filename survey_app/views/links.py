"""Ways into a wave besides its open address: a poster's link, and a link that works once."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app import i18n
from survey_app.extensions import session as database
from survey_app.extensions import settings
from survey_app.services import fieldwork, one_time_links, place_links
from survey_app.services.one_time_links import Standing
from survey_app.services.place_links import UnusableLinkError
from survey_app.store import waves
from survey_app.views import arrivals, tickets
from survey_app.views.arrivals import Arrival
from survey_app.views.visit import message

links = Blueprint("links", __name__)

GONE = 410


@links.get("/p/<place_slug>")
def place(place_slug: str) -> ResponseReturnValue:
    """From a poster: its language, and its area to start from, then the start page as for everyone."""
    try:
        link = place_links.opened(database(), place_slug)
    except UnusableLinkError:
        abort(404)
    wave = waves.by_id(database(), link.wave_id)
    if wave is None:
        abort(404)
    arrivals.keep(wave.slug, Arrival(channel=place_links.channel(link), area=link.area_code or ""))
    if link.language in settings().languages:
        session["language"] = link.language
    return redirect(url_for("resident.start", slug=wave.slug))


@links.get("/i/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """From a letter: the start page if the link is still good, else what to do instead.

    Opening it changes nothing, so that a preview of the address cannot use it up.
    """
    i18n.remember()
    standing, wave = one_time_links.standing(
        database(), token, settings().secret_key, today=fieldwork.today(), mine=_own_draft(token)
    )
    if wave is None or standing is Standing.OVER:
        return message(
            _("This link no longer works"),
            _("The survey may have ended, or the link was withdrawn. Check it against your letter."),
            settings().contact and _("Questions? %(contact)s", contact=settings().contact),
        ), GONE
    if standing is Standing.USABLE:
        arrivals.keep(wave.slug, Arrival(code=token))
        return redirect(url_for("resident.start", slug=wave.slug))
    if tickets.held(wave.slug) is not None:  # sent from this browser
        return redirect(url_for("resident.start", slug=wave.slug))
    return _taken(standing), GONE if standing is Standing.USED else 200


def _own_draft(token: str) -> str | None:
    """The draft in this browser that may have been begun with this link."""
    found = one_time_links.wave_of(database(), token, settings().secret_key)
    ticket = tickets.held(found.slug) if found is not None else None
    return ticket.response_id if ticket is not None else None


def _taken(standing: Standing) -> str:
    if standing is Standing.USED:
        return message(
            _("Answers have been sent with this link"),
            _("A link from a letter works once, so that everyone invited counts once."),
            _("If you sent them, your code lets you see them or take them back."),
            links=((url_for("receipt.receipt"), _("See your answers with your code")),),
        )
    return message(
        _("Someone has started with this link"),
        _("If it was you, on another device, carry on with the code you were given there."),
        _("If you have lost the code, ask whoever sent you the letter for a new link."),
        links=((url_for("resume.resume"), _("Carry on with a code")),),
    )
