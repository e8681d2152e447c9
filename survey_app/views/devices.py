"""A mark in a browser that answers to a wave were sent from it today: a sign for review, not a lock.

It outlives "Finish and clear", for a day: it says neither who answered nor what, and holds no code.
"""

from __future__ import annotations

from flask import after_this_request, request
from flask.wrappers import Response

from survey_app.extensions import settings
from survey_app.services.keyed_hash import keyed_hash

COOKIE = "hereabouts_sent"
A_DAY = 24 * 3600
MOST = 8  # waves remembered


def used(slug: str) -> bool:
    """Whether this browser says that answers to this wave were sent from it."""
    return _mark(slug) in _marks()


def mark(slug: str) -> None:
    """Leave the mark with the response to this request."""
    marks = ".".join([*(each for each in _marks() if each != _mark(slug)), _mark(slug)][-MOST:])

    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(
            COOKIE, marks, max_age=A_DAY, httponly=True, samesite="Lax", secure=settings().https
        )
        return response


def _marks() -> list[str]:
    return [each for each in request.cookies.get(COOKIE, "")[:400].split(".") if each]


def _mark(slug: str) -> str:
    return keyed_hash("device", slug, settings().secret_key)[:16]
