"""The wave a manager's page is about."""

from __future__ import annotations

from typing import cast

from flask import abort
from flask_login import current_user

from survey_app.access import MANAGERS
from survey_app.extensions import session
from survey_app.services.keying import Wave
from survey_app.services.oversight import looked_after
from survey_app.services.roles import Principal


def managed_wave(slug: str) -> Wave:
    """The wave at this address if the person signed in looks after it; otherwise there is no page here."""
    manager = cast(Principal, current_user)
    return looked_after(session(), slug, manager.area_codes(*MANAGERS)) or abort(404)
