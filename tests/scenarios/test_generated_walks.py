"""Any path through any questionnaire ends, is pruned, and is exported as it was answered.

Each walk answers at random from its seed what each page asks, slips, keeps what checks doubt, goes back and
changes its mind. A model beside it says what every page must show, which comes next, and what is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey_app.cli import main
from survey_app.db import make_engine
from survey_app.store import schema
from tests.integration.conftest import Database
from tests.integration.residents import running
from tests.walks import outcome
from tests.walks.client import ClientWindow
from tests.walks.walk import Walk

WALKS = {"every-kind": 12, "every-kind-singly": 6, "deep": 5, "deep-singly": 2}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('walks') / 'walks.sqlite3'}"
    schema.upgrade(url)
    engine = make_engine(url)
    yield Database("sqlite", url, engine)
    engine.dispose()


@pytest.mark.parametrize("slug", WALKS)
def test_any_walk_ends_and_is_stored_exported_and_counted_as_answered(
    database: Database,
    slug: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = tmp_path / "library"
    asked = outcome.furnished(database, library, slug)
    walked, slips = [], 0
    with running(database, tmp_path, library=library, frameworks=outcome.FRAMEWORKS) as app:
        app.config["WTF_CSRF_ENABLED"] = False  # held by the tests of safety
        for seed in range(WALKS[slug]):
            walk = Walk(asked, ClientWindow(app.test_client(), slug), seed)
            walk.play()
            walked.append(walk.sheet)
            slips += walk.slips
    assert slips > 0
    outcome.check_stored(database, slug, walked)
    for name, value in outcome.environment(database, library, tmp_path).items():
        monkeypatch.setenv(name, value)
    run("export", slug, "--format", "csv", "--out", str(tmp_path / "answers.csv"))
    outcome.check_exported(tmp_path / "answers.csv", database, slug, walked)
    run("snapshot", slug)
    outcome.check_counted(tmp_path / "snapshots" / slug, walked)


def run(*words: str) -> None:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
