"""A person's signed-in session in their browser: started, kept alive by use, ended by rest.

The session is a signed cookie that holds the person's id, their session key and two times. A cookie copied
before sign-out works until it has rested for an hour, or until its owner signs out everywhere.
"""

from __future__ import annotations

import time
from datetime import timedelta

from flask import g, session
from flask_login import login_user

from survey_app.extensions import session as database_session
from survey_app.services import accounts
from survey_app.services.roles import Principal

IDLE_LIMIT = timedelta(minutes=60)
LONGEST_SESSION = timedelta(hours=12)
NOTE_USE_EVERY = 60  # seconds: a new cookie for each page would be waste

STARTED, USED = "signed_in_at", "last_used_at"


def start(principal: Principal) -> None:
    """Sign a person in with a new session: nothing planted in the browser before can carry over.

    Someone coming back to their own session after a rest keeps its form token, so that a form they had open
    can still be sent.
    """
    theirs = str(session.get("_user_id", "")).startswith(f"{principal.user_id}:")
    kept = {
        name: session[name] for name in ("language", *(["csrf_token"] if theirs else [])) if name in session
    }
    session.clear()
    session.update(kept)
    session[STARTED] = session[USED] = int(time.time())
    login_user(principal)


def end() -> None:
    """Forget the person. What language they read in stays."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def load(key: str) -> Principal | None:
    """The person this request's session belongs to; None when it has rested or run too long, or was ended."""
    present = time.time()
    if not _within(session.get(USED), IDLE_LIMIT, present) or not _within(
        session.get(STARTED), LONGEST_SESSION, present
    ):
        g.timed_out = True
        return None
    principal = accounts.load_principal(database_session(), key)
    if principal is not None and present - session[USED] >= NOTE_USE_EVERY:
        session[USED] = int(present)
    return principal


def timed_out() -> bool:
    """Whether this request came with a session that had rested or run too long."""
    return bool(g.get("timed_out", False))


def _within(moment: object, limit: timedelta, present: float) -> bool:
    return isinstance(moment, int) and present - moment < limit.total_seconds()
