"""The access table: every route and who may use it. A route that is not here answers no one.

`tests/integration/test_access.py` walks every route as every role and holds it against this table.
"""

from __future__ import annotations

from flask import Flask, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from survey_app import signed_in
from survey_app.services.roles import ALL_ROLES, Role

PUBLIC: frozenset[Role] = frozenset()

READERS = frozenset({Role.ALLIANCE_VIEWER, Role.ANALYST, Role.SURVEY_MANAGER})
MANAGERS = frozenset({Role.SURVEY_MANAGER})
TRANSLATORS = frozenset({Role.TRANSLATOR, Role.SURVEY_MANAGER})
WORKERS = frozenset({Role.OUTREACH_WORKER})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
SIGNED_IN = ALL_ROLES  # anyone signed in, also when their last role has been taken away

ACCESS: dict[str, frozenset[Role]] = {
    "static": PUBLIC,
    "site.index": PUBLIC,
    "site.healthz": PUBLIC,
    "site.theme": PUBLIC,
    "reading.settings": PUBLIC,
    "media.file": PUBLIC,
    "resident.start": PUBLIC,
    "resident.carry_on": PUBLIC,
    "resident.section": PUBLIC,
    "resident.area": PUBLIC,
    "resident.stay": PUBLIC,
    "leaving.leave": PUBLIC,
    "parts.show": PUBLIC,
    "sending.check": PUBLIC,
    "sending.receipt": PUBLIC,
    "sending.later": PUBLIC,
    "sending.stop": PUBLIC,
    "sending.finish": PUBLIC,
    "sending.cleared": PUBLIC,
    "sending.mail_code": PUBLIC,
    "resume.resume": PUBLIC,
    "receipt.receipt": PUBLIC,
    "receipt.answers": PUBLIC,
    "receipt.download": PUBLIC,
    "receipt.confirm": PUBLIC,
    "receipt.withdraw": PUBLIC,
    "links.place": PUBLIC,
    "links.invitation": PUBLIC,
    "accounts.sign_in": PUBLIC,
    "accounts.accept_invitation": PUBLIC,
    "accounts.new_password": PUBLIC,
    "accounts.sign_out": SIGNED_IN,
    "accounts.sign_out_everywhere": SIGNED_IN,
    "accounts.home": SIGNED_IN,
    "accounts.change_password": SIGNED_IN,
    "people.index": ADMINISTRATORS,
    "people.invite": ADMINISTRATORS,
    "people.revoke_invitation": ADMINISTRATORS,
    "people.person": ADMINISTRATORS,
    "people.deactivate": ADMINISTRATORS,
    "people.reactivate": ADMINISTRATORS,
    "people.new_password_link": ADMINISTRATORS,
    "people.remove_role": ADMINISTRATORS,
    "people.organisations": ADMINISTRATORS,
    "people.add_organisation": ADMINISTRATORS,
    "people.deactivate_organisation": ADMINISTRATORS,
    "people.reactivate_organisation": ADMINISTRATORS,
    "audit.index": ADMINISTRATORS,
    "paper.batches": WORKERS,
    "paper.open_batch": WORKERS,
    "paper.key": WORKERS,
    "paper.spoil": WORKERS,
    "paper.close_batch": WORKERS,
    "waves.index": MANAGERS,
    "wave_links.index": MANAGERS,
    "wave_links.make_poster": MANAGERS,
    "wave_links.poster": MANAGERS,
    "wave_links.revoke_poster": MANAGERS,
    "wave_links.make_batch": MANAGERS,
    "wave_links.revoke_batch": MANAGERS,
    "wave_links.revoke_one": MANAGERS,
    "reviewing.index": MANAGERS,
    "reviewing.decide": MANAGERS,
    "commenting.index": MANAGERS,
    "commenting.decide": MANAGERS,
    "commenting.frame": MANAGERS,
    "commenting.change_frame": MANAGERS,
    "contacts.index": MANAGERS,
    "contacts.download": MANAGERS,
    "contacts.delete_one": MANAGERS,
    "contacts.delete_all": MANAGERS,
    "questionnaires.index": MANAGERS,
    "questionnaires.version": MANAGERS,
    "questionnaires.routing": MANAGERS,
    "questionnaires.walk": MANAGERS,
    "questionnaires.compare": MANAGERS,
    "questionnaires.print_view": MANAGERS,
    "translating.index": TRANSLATORS,
    "translating.messages": TRANSLATORS,
    "translating.message": TRANSLATORS,
    "quality.wave": MANAGERS,
    "publishing.index": MANAGERS,
    "publishing.wave": MANAGERS,
    "publishing.work_out": MANAGERS,
    "publishing.publish": MANAGERS,
    "publishing.withdraw": MANAGERS,
    "indicators.index": MANAGERS,
    "indicators.new": MANAGERS,
    "indicators.edit": MANAGERS,
    "indicators.preview": MANAGERS,
    "indicators.save": MANAGERS,
    "indicators.remove": MANAGERS,
    "printing.form": WORKERS | MANAGERS,
    "results.places": READERS,
    "results.changes": READERS,
    "results.releases": READERS,
    "results.ways": READERS,
    "results.comments": READERS,
    "results.models": READERS,
    "results.scorecard": READERS,
    "results.answers": READERS,
    "results.map": READERS,
}

READ_BY_RESIDENTS = frozenset({"printing"})
"""Blueprints that need a role although residents read what they make: their words are residents'."""


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
        if request.method == "POST" and signed_in.timed_out():
            return render_template("accounts/send_again.html"), 401
        return redirect(url_for("accounts.sign_in", next=_page_to_return_to()))
    if allowed != SIGNED_IN and not current_user.has(*allowed):
        abort(403)
    return None


def _page_to_return_to() -> str | None:
    """The page asked for, unless it can only be posted to: signing in leads to a page, not to an action."""
    rule = request.url_rule
    return request.full_path.rstrip("?") if rule and "GET" in (rule.methods or ()) else None
