"""Migrations: the head equals the tables, and every step goes up and down with rows in place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, func, inspect, select

from survey_app.store import schema
from survey_app.tables import metadata
from tests.integration.databases import KINDS, new_database

REVISIONS = schema.revisions()
MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
KEPT = "kept {}"


@pytest.fixture(
    params=[
        pytest.param(kind, marks=[pytest.mark.postgres] if kind == "postgresql" else []) for kind in KINDS
    ]
)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with new_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


def test_the_head_equals_the_tables_in_the_code(url: str) -> None:
    schema.upgrade(url)
    assert schema.differences(url) == []
    assert schema.current(url) == schema.head()


def test_a_missing_column_is_noticed(url: str, engine: Engine) -> None:
    schema.upgrade(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE wave DROP COLUMN last_sequence")
    assert any("last_sequence" in difference for difference in schema.differences(url))


def test_going_up_twice_changes_nothing(url: str) -> None:
    schema.upgrade(url)
    schema.upgrade(url)
    assert schema.differences(url) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_step_keeps_the_rows_that_were_there(url: str, engine: Engine, revision: str) -> None:
    """Load every table before the step; after up, down and up again, what still has a column is as it was."""
    position = REVISIONS.index(revision)
    before = REVISIONS[position - 1] if position else "base"
    if before != "base":
        schema.upgrade(url, before)
    with engine.begin() as connection:
        loaded = load(connection)

    schema.upgrade(url, revision)
    assert_kept(engine, loaded)
    with engine.begin() as connection:
        added = load(connection, skip=set(loaded))
    assert set(loaded) | set(added) == set(tables_of(engine))

    schema.downgrade(url, before)
    assert_kept(engine, loaded)
    assert set(tables_of(engine)) == set(loaded)
    schema.upgrade(url, revision)
    assert_kept(engine, loaded)


def test_a_full_database_stands_at_the_head_and_can_be_emptied(url: str, engine: Engine) -> None:
    schema.upgrade(url)
    with engine.begin() as connection:
        loaded = load(connection)
    assert set(loaded) == set(metadata.tables)
    assert_kept(engine, loaded)
    schema.downgrade(url, "base")
    assert tables_of(engine) == {}


def tables_of(engine: Engine | Connection) -> dict[str, Table]:
    """The tables the database really has now, without the migrations' own."""
    reflected = MetaData()
    reflected.reflect(engine)
    return {name: table for name, table in reflected.tables.items() if name != "alembic_version"}


def load(connection: Connection, skip: set[str] = frozenset()) -> dict[str, dict[str, Any]]:
    """Put two rows with made-up values in every table, parents first. Returns one of each as read back."""
    loaded = {}
    tables = tables_of(connection)
    ordered = [table for table in next(iter(tables.values())).metadata.sorted_tables] if tables else []
    for table in ordered:
        if table.name not in tables or table.name in skip:
            continue
        for number in (1, 2):
            connection.execute(table.insert(), row(table, number))
        loaded[table.name] = read(connection, table)
    return loaded


def row(table: Table, number: int) -> dict[str, Any]:
    """Values that satisfy the table: foreign keys point at row `number` of the other table."""
    return {column.name: value(column, number) for column in table.columns}


def value(column: Any, number: int) -> Any:
    for key in column.foreign_keys:
        return value(key.column, number)
    kind = column.type.python_type if column.type.__class__.__name__ not in {"JSON", "JSONB"} else dict
    if kind is dict:
        return {"kept": number}
    if kind is bool:
        return True
    if kind is datetime:
        return MOMENT
    if kind is date:
        return MOMENT.date()
    if kind in {int, float}:
        return number
    return str(number).rjust(min(column.type.length or 4, 36), "x")


def read(connection: Connection, table: Table) -> dict[str, Any]:
    key = [column for column in table.primary_key.columns]
    return dict(connection.execute(select(table).order_by(*key)).mappings().first() or {})


def assert_kept(engine: Engine, loaded: dict[str, dict[str, Any]]) -> None:
    tables = tables_of(engine)
    with engine.connect() as connection:
        for name, expected in loaded.items():
            if name not in tables:
                continue
            found = read(connection, tables[name])
            common = set(found) & set(expected)
            assert common, name
            assert {key: found[key] for key in common} == {key: expected[key] for key in common}, name
            assert connection.execute(select(func.count()).select_from(tables[name])).scalar_one() == 2, name


def test_every_constraint_has_a_stable_name(url: str, engine: Engine) -> None:
    """A migration can only drop what has a name, and both databases must agree on it."""
    schema.upgrade(url)
    inspector = inspect(engine)
    for table in metadata.tables:
        names = [inspector.get_pk_constraint(table)["name"]]
        names += [key["name"] for key in inspector.get_foreign_keys(table)]
        names += [constraint["name"] for constraint in inspector.get_unique_constraints(table)]
        assert all(name and name.startswith(("pk_", "fk_", "uq_")) for name in names), (table, names)
