"""The `database` fixture: every test that takes it runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlmodel import Session

from survey_app.db import make_engine, transaction
from survey_app.services import proposals
from survey_app.store import schema
from survey_app.tables import metadata
from tests.integration.databases import KINDS, new_database


class CompiledTemplates(BytecodeCache):
    """Templates as compiled, for every app a test makes: compiling takes longer than drawing."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.codes[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": CompiledTemplates()})
        yield


@dataclass(frozen=True)
class Database:
    """A migrated, empty database."""

    kind: str  # "sqlite" or "postgresql"
    url: str
    engine: Engine


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(kind, marks=[pytest.mark.postgres] if kind == "postgresql" else []) for kind in KINDS
    ],
)
def migrated_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    with new_database(request.param, tmp_path_factory.mktemp("database")) as url:
        schema.upgrade(url)
        engine = make_engine(url)
        yield Database(request.param, url, engine)
        engine.dispose()


@pytest.fixture
def database(migrated_database: Database) -> Iterator[Database]:
    """The session's database, emptied after the test."""
    yield migrated_database
    with transaction(migrated_database.engine) as session:
        for table in reversed(metadata.sorted_tables):
            session.connection().execute(table.delete())


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session, rolled back at the end."""
    with Session(database.engine.execution_options(writing=True)) as session:
        yield session
        session.rollback()


@pytest.fixture
def own_process() -> None:
    """For a test whose releases are worked out in a process of their own, as on a server."""


@pytest.fixture
def worked_out_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases are worked out in this process: another would read in numpy and pandas for each.

    Unless the test takes `own_process`.
    """
    if "own_process" in request.fixturenames:
        return

    def run(command: list[str], *, input: str, **_: object) -> subprocess.CompletedProcess[str]:
        from survey_app import proposing

        out = io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.StringIO(input))
        with contextlib.redirect_stdout(out):
            code = proposing.main()
        return subprocess.CompletedProcess(command, code, out.getvalue(), "")

    here = types.SimpleNamespace(run=run, TimeoutExpired=subprocess.TimeoutExpired)
    monkeypatch.setattr(proposals, "subprocess", here)
