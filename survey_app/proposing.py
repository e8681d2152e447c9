"""The process behind `services.proposals`: reads a request on standard input, writes an answer, and ends.

The answer is a proposal, or for a request with a "definition" a preview of that indicator.

`python -m survey_app.proposing`. Exits with 3 and {"reasons": [...]} when nothing can be published.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from analysis.build import Built
from analysis.difference import Difference
from analysis.snapshot import SnapshotError
from questionnaires import bespoke
from questionnaires.bespoke import Definition
from questionnaires.loading import load_framework
from questionnaires.problems import FileRefusedError
from survey_app.db import make_engine, reading
from survey_app.services import indicators, previews, publish
from survey_app.services import questionnaire as questionnaires
from survey_app.services.proposals import REFUSED, Proposal
from survey_app.services.publish import PublicationRefusedError
from survey_app.services.questionnaire import QuestionnaireChangedError
from survey_app.services.released import Publication
from survey_app.store import waves


@dataclass(frozen=True)
class Work:
    """A release worked out, and what would move against the one readers see."""

    built: Built
    since: Difference | None


def work_out(request: dict[str, Any]) -> Work:
    """Work out the next release of request["wave"]; with a definition, as if that were held.

    Raises PublicationRefusedError, SnapshotError, QuestionnaireChangedError, FileRefusedError, LookupError.
    """
    library, frameworks = Path(request["library"]), Path(request["frameworks"])
    engine = make_engine(request["database_url"])
    try:
        with reading(engine) as session:
            wave = waves.by_slug(session, request["wave"])
            if wave is None:
                raise LookupError(f"There is no wave {request['wave']!r}.")
            asked = questionnaires.for_wave(library, frameworks, wave)
            framework = load_framework(frameworks / f"{asked.framework}.yaml")
            folder = Path(request["data_folder"])
            built = publish.build(
                session,
                wave,
                asked,
                framework,
                folder,
                created=datetime.now(UTC),
                definitions=_definitions(session, asked.id, request.get("definition")),
                versions=questionnaires.versions(library, frameworks),
            )
            since = publish.since_last(built, publish.earlier(session, wave))
    finally:
        engine.dispose()
    return Work(built, since)


def _definitions(session: Session, questionnaire: str, text: str | None) -> tuple[Definition, ...] | None:
    """Those held, with the one in `text` in the place of its code. None for just those held."""
    if text is None:
        return None
    new = bespoke.from_json(text)
    held = indicators.of_questionnaire(session, questionnaire)
    return (*(each for each in held if each.code != new.code), new)


def propose(work: Work) -> Proposal:
    """The release as a proposal."""
    built, since = work.built, work.since
    return Proposal(
        wave=built.release.wave,
        publication=Publication.of(built.release, built.bases, built.comment_counts),
        report=built.report.as_dict(),
        since=since.as_dict() if since else None,
        sentences=tuple(since.sentences()) if since else (),
    )


def main() -> int:
    request = json.load(sys.stdin)
    try:
        work = work_out(request)
    except PublicationRefusedError as error:
        return _refuse(*error.reasons)
    except (SnapshotError, QuestionnaireChangedError, FileRefusedError, LookupError) as error:
        return _refuse(str(error))
    if "definition" in request:
        code = bespoke.from_json(request["definition"]).code
        sys.stdout.write(previews.of(work.built.release, code).to_json())
    else:
        sys.stdout.write(propose(work).to_json())
    return 0


def _refuse(*reasons: str) -> int:
    json.dump({"reasons": reasons}, sys.stdout)
    return REFUSED


if __name__ == "__main__":
    raise SystemExit(main())
