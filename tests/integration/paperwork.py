"""A wave with paper forms, two charities and their workers, and what a worker types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from survey_app.config import Config
from survey_app.db import transaction
from survey_app.services import people
from survey_app.services import waves as wave_service
from survey_app.services.roles import Role
from survey_app.store import waves
from survey_app.tables import Batch, PaperForm, Postcode, Response
from tests.integration import samples
from tests.integration.conftest import Database
from tests.integration.web import add_person, browser, make_app

TODAY = date(2026, 6, 15)
LANGUAGES = ["en", "pl", "ur"]

FORM = {
    "consent_take_part": "1",
    "consent_results": "1",
    "consent_research": "2",
    "postcode": "cm1 1aa",
    "life_sat": "7",
    "lonely": "3",
    "learning": "1 3",
    "age_band": "2",
}
"""A form as it is keyed, by item code; everything else on it is blank."""

ENTRY = re.compile(r'name="entry" value="([0-9a-f-]{36})"')


@dataclass(frozen=True)
class Office:
    """The site, a worker of one charity with a browser, and one of another."""

    app: Flask
    database: Database
    wave_id: int
    charity: int
    worker: str
    client: FlaskClient
    stranger: FlaskClient
    manager: FlaskClient

    def open_batch(self, **given: str) -> int:
        """Open a batch through the page; returns its id."""
        fields = {
            "organisation": str(self.charity),
            "place": "Chelmsford Library",
            "held_on": "2026-06-10",
            "area": "W2",
            "handed_out": "30",
            "returned": "10",
        }
        answer = self.client.post("/paper/open?wave=spring", data=fields | given)
        assert answer.status_code == 302, answer.text
        return int(answer.location.split("/")[2])

    def page(self, batch: int) -> str:
        return self.client.get(f"/paper/{batch}/key").text

    def key(
        self,
        batch: int,
        serial: str,
        form: Mapping[str, str] = FORM,
        *,
        entry: str | None = None,
        confirmed: list[str] | None = None,
        client: FlaskClient | None = None,
        **more: str,
    ) -> TestResponse:
        """Send the keying page with these answers; a new page is asked for unless `entry` is one's id."""
        data: dict[str, Any] = {f"q-{code}": value for code, value in form.items()}
        data |= {"entry": entry or entry_of(self.page(batch)), "serial": serial, "language": "en"} | more
        data["confirmed"] = confirmed or []
        return (client or self.client).post(f"/paper/{batch}/key", data=data)

    def responses(self) -> list[Response]:
        with Session(self.database.engine) as session:
            return list(session.exec(select(Response).order_by(Response.sequence)))

    def forms(self) -> list[PaperForm]:
        with Session(self.database.engine) as session:
            return list(session.exec(select(PaperForm).order_by(PaperForm.id)))

    def batch(self, batch_id: int) -> Batch:
        with Session(self.database.engine) as session:
            found = session.get(Batch, batch_id)
        assert found is not None
        return found


def entry_of(page: str) -> str:
    found = ENTRY.search(page)
    assert found is not None
    return found.group(1)


def office(database: Database, folder: Path) -> Office:
    """A wave of the core questionnaire in district D1, open all of 2026."""
    config = Config(database_url=database.url, data_folder=folder)
    core = wave_service.load_questionnaire(config.library, config.frameworks, "thriving-places-core", "1.0")
    with transaction(database.engine) as session:
        places = samples.place_tree(session)
        session.add(Postcode(postcode="CM11AA", area_id=places["L1"].id))
        session.add(Postcode(postcode="CO11AA", area_id=places["X1"].id))
        wave = waves.add(
            session,
            samples.wave(
                questionnaire_id=core.id,
                questionnaire_version=core.version,
                questionnaire_digest=core.digest,
                languages=LANGUAGES,
            ),
        )
        charity = people.add_organisation(session, "Chelmsford CVS", actor="command-line")
        other = people.add_organisation(session, "Community 360", actor="command-line")
        worker = add_person(
            session, "wren@example.org", [(Role.OUTREACH_WORKER, charity, "")], name="Wren Hill"
        )
        stranger = add_person(session, "sam@example.org", [(Role.OUTREACH_WORKER, other, "")], name="Sam")
        manager = add_person(session, "mo@example.org", [(Role.SURVEY_MANAGER, charity, "")], name="Mo")
        wave_id = wave.id or 0
    app = make_app(database, folder, languages=("en", "ur"))
    return Office(
        app,
        database,
        wave_id,
        charity,
        worker,
        browser(app, database, worker),
        browser(app, database, stranger),
        browser(app, database, manager),
    )
