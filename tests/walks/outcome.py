"""What comes of walks: the surveys they go through, and what is stored, exported and counted of them."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from sqlmodel import Session, select

from analysis import snapshot
from questionnaires import answering, loading, writing
from questionnaires.model import OnePer, Questionnaire
from survey_app.db import transaction
from survey_app.tables import ContactDetail, Response, Wave
from tests import deep
from tests.integration.conftest import Database
from tests.integration.residents import furnish
from tests.walks.answers import WORDS
from tests.walks.sheet import Sheet

UNIT = Path(__file__).resolve().parents[1] / "unit" / "questionnaires"
FRAMEWORKS = UNIT / "frameworks"


def _every_kind() -> Questionnaire:
    return loading.load(UNIT / "every-kind" / "questionnaire.yaml", FRAMEWORKS)


WRITTEN: Mapping[str, Callable[[], Questionnaire]] = {
    "every-kind": _every_kind,
    "every-kind-singly": lambda: replace(_every_kind(), one_per=OnePer.QUESTION),
    "deep": lambda: deep.questionnaire(2),
    "deep-singly": lambda: deep.questionnaire(1, 200, "question"),
}
"""The questionnaires that are walked, by the address of their survey."""


def furnished(database: Database, library: Path, slug: str) -> Questionnaire:
    """Put a questionnaire on the shelf and open a survey with it. As it reads back from its file."""
    written = replace(WRITTEN[slug](), id=slug)
    folder = library / slug / written.version
    shutil.copytree(UNIT / "every-kind" / "media", folder / "media")
    (folder / "questionnaire.yaml").write_text(writing.write(written), encoding="utf-8")
    about = {"slug": slug, "questionnaire_id": slug, "questionnaire_version": written.version}
    with transaction(database.engine) as session:
        first = session.exec(select(Wave)).first()
        if first is not None:
            session.add(Wave(**first.model_dump(exclude={"id", *about}), **about))
    if first is None:
        furnish(database, **about, published_levels=["ward", "lad"])
    return loading.load(folder / "questionnaire.yaml", FRAMEWORKS)


def environment(database: Database, library: Path, folder: Path) -> dict[str, str]:
    """Settings for a server or a command that works with these."""
    return {
        "HEREABOUTS_DATABASE_URL": database.url,
        "HEREABOUTS_LIBRARY": str(library),
        "HEREABOUTS_FRAMEWORKS": str(FRAMEWORKS),
        "HEREABOUTS_DATA_FOLDER": str(folder),
        "HEREABOUTS_HTTPS": "no",
    }


def submitted(database: Database, slug: str) -> list[Response]:
    """Every response of a survey, in the order sent."""
    with Session(database.engine, expire_on_commit=False) as session:
        wave = select(Wave.id).where(Wave.slug == slug).scalar_subquery()
        return list(
            session.exec(select(Response).where(Response.wave_id == wave).order_by(Response.sequence))
        )


def check_stored(database: Database, slug: str, walked: list[Sheet]) -> None:
    """Each response is as its walk left it, and contact details are kept apart from all of them."""
    rows = submitted(database, slug)
    assert [row.status for row in rows] == ["submitted"] * len(walked)
    for row, sheet in zip(rows, walked, strict=True):
        assert row.answers == sheet.response(), f"{slug} {row.sequence}"
        assert (row.postcode, row.area_code) == (None, sheet.area)
        order = set(row.paradata.get("order", {}))
        path = sheet.path()
        assert order == {
            item.code for item in sheet.questionnaire.items() if item.order and item.code in path
        }
        document = json.dumps([row.answers, row.paradata])
        assert "@example.org" not in document
        assert "NF1" not in document
    with Session(database.engine) as session:
        wave = select(Wave.id).where(Wave.slug == slug).scalar_subquery()
        kept = session.exec(select(ContactDetail.value).where(ContactDetail.wave_id == wave)).all()
    assert sorted(kept) == sorted(value for sheet in walked for value in sheet.contacts())


def check_exported(file: Path, database: Database, slug: str, walked: list[Sheet]) -> None:
    """The exported table has a row for each response, with its codes."""
    with file.open(encoding="utf-8", newline="") as stream:
        table = {row["id"]: row for row in csv.DictReader(stream)}
    rows = submitted(database, slug)
    assert set(table) == {row.id for row in rows}
    for row, sheet in zip(rows, walked, strict=True):
        wanted = {name: str(value) for name, value in sheet.row().items()}
        given = table[row.id]
        wrong = {name: (given[name], value) for name, value in wanted.items() if given[name] != value}
        assert not wrong, f"{slug} {row.sequence}: {wrong}"
        assert table[row.id]["wave"] == slug


def check_counted(folder: Path, walked: list[Sheet]) -> None:
    """The snapshot has the declared columns, and in them the same codes."""
    frame = snapshot.read(folder)
    questionnaire = walked[0].questionnaire
    declared = list(answering.snapshot_columns(questionnaire))
    wanted = [sheet.row() for sheet in walked]
    assert all(list(row) == declared for row in wanted)
    assert not {item.code for item in questionnaire.items() if item.kind in WORDS} & set(frame.columns)
    assert frame[declared].astype(int).to_dict("records") == wanted
