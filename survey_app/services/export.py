"""Answers as a table for analysts inside the organisation: codes, one row per response, and a codebook.

The one place where single answers leave the service. Least data: the random id, no time, no postcode, areas
no smaller than those published, and what people wrote only where someone says why. Every export is audited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from analysis.areas import Area, AreaSet, AreasRefusedError
from questionnaires import answering, uniting
from questionnaires.answers import SNAPSHOT_CODES, Answer, Missing, from_json
from questionnaires.kinds import KINDS
from questionnaires.model import Item, Questionnaire
from questionnaires.uniting import Column
from survey_app.services import audit, tables_out
from survey_app.store import areas, responses
from survey_app.store.responses import SubmittedRow
from survey_app.tables import Wave

LONGEST_REASON = 64  # as long as the audit trail keeps
ABOUT = ("id", "wave", "questionnaire", "version", "mode", "language")
TICKED = {1: "ticked", 0: "not ticked"}
OF_AN_OPTION = {"ranking": {"1, 2 ...": "its place in the ranking", 0: "not ranked"}}
CODEBOOK = ("column", "item", "versions", "kind", "text", "value", "meaning", "note")


class ExportRefusedError(Exception):
    """The answers cannot be exported so; `reasons` says everything that stands in the way."""

    def __init__(self, reasons: Sequence[str]):
        self.reasons = list(reasons)
        super().__init__("\n".join(reasons))


@dataclass(frozen=True, slots=True)
class Source:
    """A wave and what it asks."""

    wave: Wave
    questionnaire: Questionnaire


@dataclass(frozen=True, slots=True)
class Plan:
    """The table to be written: the columns that say where a row is from, then those of the answers."""

    sources: tuple[Source, ...]
    levels: tuple[str, ...]
    margins: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def header(self) -> tuple[str, ...]:
        return (
            *ABOUT,
            *(f"area_{level}" for level in self.levels),
            *(f"cell_{margin}" for margin in self.margins),
            *(column.name for column in self.columns),
        )


def plan(sources: Sequence[Source], *, words: bool) -> Plan:
    """Which columns these waves give together; what people wrote only with `words`."""
    waves = [source.wave for source in sources]
    asked = [source.questionnaire for source in sources]
    return Plan(
        tuple(sources),
        tuple(dict.fromkeys(level for wave in waves for level in wave.published_levels)),
        tuple(dict.fromkeys(m.name for q in asked for m in q.margins if m.item is not None)),
        tuple(uniting.columns(asked, words=words)),
    )


def write(session: Session, planned: Plan, out: Path, format: str) -> tuple[list[Path], int]:
    """Write the table and its codebook beside each other; returns the files and how many responses.

    They are readable by their owner only. Raises ExportRefusedError when the areas held contradict each
    other, or there are more responses than the format takes.
    """
    counted = _Counted()
    table = tables_out.Table("responses", planned.header, counted.of(_rows(session, planned)))
    codes = tables_out.Table("codebook", CODEBOOK, _codebook(planned))
    try:
        files = tables_out.FORMATS[format](out, (table, codes))
    except tables_out.TooLongError as error:
        raise ExportRefusedError([str(error)]) from error
    return files, counted.rows


def record(
    session: Session, planned: Plan, *, actor: str, format: str, rows: int, reason: str | None
) -> None:
    """Put the export on the audit trail of each wave. `reason`: why what people wrote is in it, if it is."""
    for source in planned.sources:
        audit.record(
            session,
            actor,
            "responses.export",
            f"wave:{source.wave.slug}",
            format=format,
            responses=rows,
            texts=reason,
        )


def check_reason(reason: str | None) -> None:
    """Raise ExportRefusedError for a reason the audit trail cannot keep. None: no words are asked for."""
    if reason is not None and (not reason.strip() or len(reason) > LONGEST_REASON or "@" in reason):
        raise ExportRefusedError(
            [f"Say in at most {LONGEST_REASON} characters, without an e-mail address, why texts are needed."]
        )


class _Counted:
    """Rows counted as they pass."""

    def __init__(self) -> None:
        self.rows = 0

    def of(self, rows: Iterator[tables_out.Row]) -> Iterator[tables_out.Row]:
        for row in rows:
            self.rows += 1
            yield row


def _rows(session: Session, planned: Plan) -> Iterator[tables_out.Row]:
    for source in planned.sources:
        placed = _placing(session, source.wave, planned.levels)
        for batch in responses.submitted_by_id(session, source.wave.id or 0):
            for row in batch:
                yield _row(row, source, planned, placed)


def _row(
    row: SubmittedRow, source: Source, planned: Plan, placed: Callable[[str | None], tuple[str, ...]]
) -> tables_out.Row:
    asked = source.questionnaire
    answers = from_json(row.answers)
    values: dict[str, int | str] = {**_words(answers), **answering.snapshot_row(asked, answers)}
    version = (asked.id, asked.version)
    return (
        row.id,
        source.wave.slug,
        *version,
        row.mode,
        row.language,
        *placed(row.area_code),
        *(row.cell.get(margin, "") for margin in planned.margins),
        *(
            values.get(column.sources[version], "") if version in column.sources else ""
            for column in planned.columns
        ),
    )


def _words(answers: Mapping[str, Answer | Missing]) -> dict[str, str]:
    return {
        code: value
        for code, value in answers.items()
        if isinstance(value, str) and not isinstance(value, Missing)
    }


def _placing(session: Session, wave: Wave, levels: Sequence[str]) -> Callable[[str | None], tuple[str, ...]]:
    """What tells the codes of the published areas a response counts in, one per level of the table.

    A level this wave does not publish stays empty.
    """
    try:
        held = AreaSet(
            Area(code=row.code, name=row.name, level=row.level, vintage=row.vintage, parents=row.parents)
            for row in areas.rows(session, wave.area_codes)
        )
    except AreasRefusedError as error:
        raise ExportRefusedError(error.reasons) from error
    known: dict[str | None, tuple[str, ...]] = {}

    def placed(code: str | None) -> tuple[str, ...]:
        if code not in known:
            found = held.placed_at(code, wave.published_levels) if code is not None and code in held else ()
            known[code] = tuple(
                " ".join(sorted(each for each in found if held[each].level == level)) for level in levels
            )
        return known[code]

    return placed


def _codebook(planned: Plan) -> Iterator[tables_out.Row]:
    for missing, code in SNAPSHOT_CODES.items():
        yield ("(every column)", "", "", "", "", code, missing.value.replace("-", " "), "no answer")
    yield ("(every column)", "", "", "", "", "", "not in this version", "")
    for column in planned.columns:
        item = column.item
        versions = ", ".join(" ".join(version) for version in column.sources)
        about = (
            column.name,
            column.code,
            versions,
            _kind(item),
            _text(column),
        )
        note = "; ".join(column.notes)
        meanings = list(_meanings(column)) or [("", "")]
        for place, (value, meaning) in enumerate(meanings):
            yield (*about, value, meaning, note if place == 0 else "")


def _kind(item: object) -> str:
    return item.kind if isinstance(item, Item) else "score"


def _text(column: Column) -> str:
    item = column.item
    return (item.text if isinstance(item, Item) else item.title) or column.code


def _meanings(column: Column) -> Iterator[tuple[int | str, str]]:
    item = column.item
    if column.words:
        yield "", "as written"
    elif column.option is not None and isinstance(item, Item):
        text = next(option.text for option in item.options if option.code == column.option)
        for value, meaning in OF_AN_OPTION.get(item.kind, TICKED).items():
            yield value, f"{text}: {meaning}"
    elif isinstance(item, Item):
        for code in KINDS[item.kind].codes(item):
            yield code, " / ".join(answering.describe(item, code))
