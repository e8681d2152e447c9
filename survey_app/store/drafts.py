"""Responses not yet submitted: found by who holds them, and discarded when their author stops."""

from __future__ import annotations

from sqlmodel import Session

from survey_app.tables import Response


def discard(session: Session, response: Response) -> None:
    """Delete a draft for good. Raises ValueError for a response that was submitted: that is a withdrawal."""
    if response.status != "draft":
        raise ValueError(f"a {response.status} response cannot be discarded")
    session.delete(response)
    session.flush()
