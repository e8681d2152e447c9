"""Pages: each reads a request, calls a service or the store, and renders. One module per noun."""

from flask import Blueprint

from survey_app.views.accounts import accounts
from survey_app.views.audit import audit
from survey_app.views.people import people
from survey_app.views.site import site

BLUEPRINTS: tuple[Blueprint, ...] = (site, accounts, people, audit)
