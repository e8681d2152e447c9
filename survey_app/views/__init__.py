"""Pages: each reads a request, calls a service or the store, and renders. One module per noun."""

from flask import Blueprint

from survey_app.views.site import site

BLUEPRINTS: tuple[Blueprint, ...] = (site,)
