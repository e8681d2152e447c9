"""Responses not yet submitted: added to a page at a time, and discarded when their author stops."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from survey_app.tables import Response


def merge(session: Session, response: Response, page: dict[str, Any]) -> Response:
    """Put one page's answers (JSON values by item code) on top of those stored, and raise the revision.

    The response must have been read with `responses.get_for_update` in this transaction, or another tab's
    page saved since would be lost. `responses.merge_answers` takes the lock itself.
    """
    response.answers = {**response.answers, **page}
    response.revision += 1
    session.add(response)
    session.flush()
    return response


def discard(session: Session, response: Response) -> None:
    """Delete a draft for good. Raises ValueError for a response that was submitted: that is a withdrawal."""
    if response.status != "draft":
        raise ValueError(f"a {response.status} response cannot be discarded")
    session.delete(response)
    session.flush()
