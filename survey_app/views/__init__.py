"""Pages: each reads a request, calls a service or the store, and renders. One module per noun."""

from flask import Blueprint

from survey_app.views.accounts import accounts
from survey_app.views.audit import audit
from survey_app.views.commenting import commenting
from survey_app.views.contacts import contacts
from survey_app.views.indicators import indicators
from survey_app.views.leaving import leaving
from survey_app.views.links import links
from survey_app.views.media import media
from survey_app.views.paper import paper
from survey_app.views.parts import parts
from survey_app.views.people import people
from survey_app.views.printing import printing
from survey_app.views.publishing import publishing
from survey_app.views.quality import quality
from survey_app.views.questionnaires import questionnaires
from survey_app.views.reading import reading
from survey_app.views.receipt import receipts
from survey_app.views.resident import resident
from survey_app.views.results import results
from survey_app.views.resume import resuming
from survey_app.views.reviewing import reviewing
from survey_app.views.sending import sending
from survey_app.views.site import site
from survey_app.views.translating import translating
from survey_app.views.wave_links import wave_links
from survey_app.views.waves import waves

BLUEPRINTS: tuple[Blueprint, ...] = (
    site,
    reading,
    media,
    resident,
    sending,
    resuming,
    receipts,
    links,
    leaving,
    parts,
    accounts,
    people,
    audit,
    paper,
    printing,
    waves,
    wave_links,
    reviewing,
    commenting,
    contacts,
    questionnaires,
    translating,
    quality,
    publishing,
    indicators,
    results,
)
