"""0002: forms that were there before had been keyed in full; going back down keeps every serial used."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from survey_app.store import schema
from tests.integration.databases import KINDS, new_database
from tests.migrations.test_migrations import load


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=[pytest.mark.postgres] if kind == "postgresql" else []) for kind in KINDS],
)
def test_what_became_of_forms_up_and_down(kind: str, tmp_path: Path) -> None:
    with new_database(kind, tmp_path) as url:
        schema.upgrade(url, "0001")
        engine = create_engine(url)
        with engine.begin() as connection:
            load(connection)

        schema.upgrade(url, "0002")
        query = text("SELECT serial, response_id, outcome, entry_id FROM paper_form ORDER BY id")
        with engine.begin() as connection:
            before = connection.execute(query).all()
            assert [(row.outcome, row.entry_id) for row in before] == [("keyed", None)] * 2
            connection.execute(
                text(
                    "INSERT INTO paper_form"
                    " (id, wave_id, batch_id, serial, keyed_by, keyed_at, outcome, entry_id)"
                    " SELECT 3, wave_id, batch_id, 'SPOILT', keyed_by, keyed_at, 'spoilt', 'e1'"
                    " FROM paper_form WHERE id = 1"
                )
            )

        schema.downgrade(url, "0001")
        with engine.begin() as connection:
            kept = connection.execute(text("SELECT serial, response_id FROM paper_form ORDER BY id")).all()
        assert [tuple(row) for row in kept] == [
            *((row.serial, row.response_id) for row in before),
            ("SPOILT", None),
        ]
        schema.upgrade(url, "0002")
        engine.dispose()
