"""Who read what: pages that show something say so here, and it is on the audit trail before they leave.

A GET view cannot write, so the trail is written after it, in a transaction of its own. If that fails the page
is not served: a reading that leaves no trace must not happen.
"""

from __future__ import annotations

from flask import Response, g
from flask_login import current_user

from survey_app.db import transaction
from survey_app.extensions import engine, session
from survey_app.services import audit

READING_TRAIL = "reading_trail"  # marks the transaction, for the test that no GET view commits


def note_read(action: str, subject: str = "") -> None:
    """Say that this request shows the signed-in person something.

    For example `note_read("results.read", "area:E07000070")`. Written at most once an hour for the same
    person, action and subject, and only if the page is shown.
    """
    g.setdefault("reads", []).append((action, subject))


def write(response: Response) -> Response:
    """After each request: put what was read on the trail."""
    reads = g.pop("reads", [])
    if not reads or response.status_code >= 400 or not current_user.is_authenticated:
        return response
    reader = current_user.user_id
    new = audit.unrecorded(session(), reader, reads)
    if new:
        with transaction(engine().execution_options(**{READING_TRAIL: True})) as writing:
            for action, subject in new:
                audit.record(writing, reader, action, subject)
    return response
