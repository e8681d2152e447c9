"""The process behind `services.proposals`: reads a request on standard input, writes a proposal, and ends.

`python -m survey_app.proposing`. Exits with 3 and {"reasons": [...]} when nothing can be published.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.snapshot import SnapshotError
from questionnaires.loading import load_framework
from questionnaires.problems import FileRefusedError
from survey_app.db import make_engine, reading
from survey_app.services import publish
from survey_app.services import questionnaire as questionnaires
from survey_app.services.proposals import REFUSED, Proposal
from survey_app.services.publish import PublicationRefusedError
from survey_app.services.questionnaire import QuestionnaireChangedError
from survey_app.services.released import Publication
from survey_app.store import waves


def propose(request: dict[str, Any]) -> Proposal:
    """Work out the next release of request["wave"].

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
                versions=questionnaires.versions(library, frameworks),
            )
            since = publish.since_last(built, publish.earlier(session, wave))
    finally:
        engine.dispose()
    return Proposal(
        wave=built.release.wave,
        publication=Publication.of(built.release, built.bases),
        report=built.report.as_dict(),
        since=since.as_dict() if since else None,
        sentences=tuple(since.sentences()) if since else (),
    )


def main() -> int:
    request = json.load(sys.stdin)
    try:
        sys.stdout.write(propose(request).to_json())
    except PublicationRefusedError as error:
        return _refuse(*error.reasons)
    except (SnapshotError, QuestionnaireChangedError, FileRefusedError, LookupError) as error:
        return _refuse(str(error))
    return 0


def _refuse(*reasons: str) -> int:
    json.dump({"reasons": reasons}, sys.stdout)
    return REFUSED


if __name__ == "__main__":
    raise SystemExit(main())
