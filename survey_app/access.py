"""The access table: every route and who may use it. A route that is not here answers no one.

`tests/integration/test_access.py` walks every route as every role and holds it against this table.
"""

from __future__ import annotations

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from survey_app.services.roles import ALL_ROLES, Role

PUBLIC: frozenset[Role] = frozenset()

READERS = frozenset({Role.ALLIANCE_VIEWER, Role.ANALYST, Role.SURVEY_MANAGER})
MANAGERS = frozenset({Role.SURVEY_MANAGER})
WORKERS = frozenset({Role.OUTREACH_WORKER})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

ACCESS: dict[str, frozenset[Role]] = {
    "static": PUBLIC,
    "site.index": PUBLIC,
    "site.healthz": PUBLIC,
    "site.theme": PUBLIC,
    "resident.start": PUBLIC,
    "resident.carry_on": PUBLIC,
    "resident.section": PUBLIC,
    "resident.area": PUBLIC,
    "sending.check": PUBLIC,
    "sending.receipt": PUBLIC,
    "sending.later": PUBLIC,
    "sending.stop": PUBLIC,
    "sending.finish": PUBLIC,
    "sending.cleared": PUBLIC,
    "resume.resume": PUBLIC,
    "accounts.sign_in": PUBLIC,
    "accounts.accept_invitation": PUBLIC,
    "accounts.sign_out": ALL_ROLES,
    "accounts.home": ALL_ROLES,
}


def init_access(app: Flask) -> None:
    app.before_request(check_access)


def check_access() -> ResponseReturnValue | None:
    """Let a request through only if the table says so; send someone not signed in to sign in first."""
    endpoint = request.endpoint
    if endpoint is None:  # no such page: the 404 handler answers
        return None
    allowed = ACCESS.get(endpoint)
    if allowed is None:
        current_app.logger.error("route without declared access: %s", endpoint)
        abort(403)
    if not allowed:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    if not current_user.has(*allowed):
        abort(403)
    return None
