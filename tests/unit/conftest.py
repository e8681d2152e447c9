"""Unit tests may not touch a database: a rule that needs one belongs somewhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine


@pytest.fixture(autouse=True)
def _no_database() -> Iterator[None]:
    def refuse(*_args: object) -> None:
        raise RuntimeError("a unit test opened a database connection")

    event.listen(Engine, "do_connect", refuse)
    yield
    event.remove(Engine, "do_connect", refuse)
