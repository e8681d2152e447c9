"""The list of parts: a resident answers them in any order their answers allow."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from questionnaires.model import Item
from survey_app.presenters import parts as listed
from survey_app.views.visit import Visit, draw, receipt_or_start, visiting

parts = Blueprint("parts", __name__)


@parts.get("/s/<slug>/parts")
@visiting()
def show(visit: Visit) -> ResponseReturnValue:
    if not visit.by_parts:
        return receipt_or_start(visit)
    pages: dict[str, list[tuple[str, list[Item]]]] = {}
    for step in visit.steps:
        pages.setdefault(step.section.code, []).append((step.code, step.items))
    found = listed.parts(visit.asking, pages, visit.answers)
    return draw(
        visit,
        "resident/parts.html",
        parts=found,
        done=sum(part.state is listed.State.DONE for part in found),
    )
