"""Seeding the demonstration again: it goes on where it was broken off, and never twice over."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.snapshot import SnapshotError
from survey_app import seeds
from survey_app.cli import main
from tests.integration.conftest import Database


@pytest.fixture
def done(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What of the slow work was done."""
    monkeypatch.setenv("HEREABOUTS_DATABASE_URL", database.url)
    monkeypatch.setenv("HEREABOUTS_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("HEREABOUTS_DEMO", "yes")
    (tmp_path / seeds.SIGN_INS).write_text("[]")
    did: list[str] = []
    monkeypatch.setattr(seeds, "seed", lambda *_: did.append("seed"))
    monkeypatch.setattr(seeds, "publish_first_wave", lambda *_: did.append("publish"))
    return did


@pytest.mark.parametrize(
    ("seeded", "published", "expected"),
    [(False, False, ["seed", "publish"]), (True, False, ["publish"]), (True, True, [])],
)
def test_only_what_is_missing_is_done(
    done: list[str], monkeypatch: pytest.MonkeyPatch, seeded: bool, published: bool, expected: list[str]
) -> None:
    monkeypatch.setattr(seeds, "is_seeded", lambda _session: seeded)
    monkeypatch.setattr(seeds, "is_published", lambda _session: published)
    run = CliRunner().invoke(main, ["seed-demo", "--quiet"])
    assert (run.exit_code, run.stdout, done) == (0, "", expected), repr(run.exception)


def test_a_snapshot_left_over_from_another_database_is_a_refusal(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise SnapshotError("Delete the folder.")

    monkeypatch.setattr(seeds, "publish_first_wave", refused)
    run = CliRunner().invoke(main, ["seed-demo", "--json"])
    assert (run.exit_code, run.stdout, done) == (1, "", ["seed"])
    assert run.stderr.endswith("Delete the folder.\n")
