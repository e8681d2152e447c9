"""Forms of Kobo and ODK (XLSForm): brought in as questionnaires, and questionnaires taken out as forms."""

from __future__ import annotations

import json
from pathlib import Path

import click

from questionnaires import loading
from questionnaires.model import Questionnaire
from questionnaires.problems import FileRefusedError
from questionnaires.xlsform.report import Outcome, Report
from survey_app.cli.session import config, refuse

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-xlsform")
@click.argument("file", type=existing_file)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Library folder to write into.",
)
@click.option(
    "--framework", default="thriving-places", show_default=True, help="Id of the framework it feeds."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def import_xlsform(file: Path, out: Path, framework: str, as_json: bool) -> None:
    """Make a questionnaire of a form: .xlsx, .xls, .xlsm, .csv or .md, as Kobo and ODK use them.

    Every row is reported: imported, changed or left out, and why. Pictures and recordings are taken from the
    folder 'media', or '<form>-media', beside FILE. Exits with 1 when the form cannot become a questionnaire.
    """
    from questionnaires.xlsform import importing, saving

    found = importing.read(file, framework)
    path = saving.save(found, out, config().frameworks)
    if as_json:
        made = {"file": str(file), "questionnaire": str(path) if path else None, **found.report.as_dict()}
        click.echo(json.dumps(made, ensure_ascii=False, indent=2))
    else:
        _print(found.report, file, path)
    if path is None:
        raise SystemExit(1)


@click.command("export-xlsform")
@click.argument("questionnaire")
@click.option("--version", help="Which version of the library's; the newest by default.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The .xlsx file to write."
)
@click.option(
    "--translations",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of translations; this installation's by default.",
)
def export_xlsform(questionnaire: str, version: str | None, out: Path, translations: Path | None) -> None:
    """Write a questionnaire, in all its languages, as a form for Kobo and ODK.

    QUESTIONNAIRE is an id of this installation's library or the path of a questionnaire file.
    """
    from questionnaires import catalogue
    from questionnaires.xlsform import exporting

    if out.suffix.lower() != ".xlsx":
        refuse(f"{out} would not be a workbook. Give --out a name that ends in .xlsx.")
    exporting.save(_load(questionnaire, version), out, translations or catalogue.TRANSLATIONS)
    click.echo(f"Wrote {out}.")


def _load(written: str, version: str | None) -> Questionnaire:
    settings = config()
    path = Path(written)
    if not path.is_file():
        known = [entry for entry in loading.library(settings.library) if entry.id == written]
        chosen = [entry for entry in known if version in (None, entry.version)]
        if not chosen:
            versions = ", ".join(entry.version for entry in known)
            refuse(
                f"There is no questionnaire '{written} {version or ''}' in {settings.library}. "
                + (f"Its versions are: {versions}." if versions else "Give an id of the library, or a path.")
            )
        path = chosen[-1].path
    try:
        return loading.load(path, settings.frameworks)
    except FileRefusedError as refusal:
        refuse(*(str(problem) for problem in refusal.problems))


def _print(report: Report, file: Path, path: Path | None) -> None:
    """Notes in the order of the sheets, then what it comes to."""
    sheets = ["file", "settings", "survey", "choices"]
    order = {sheet: place for place, sheet in enumerate(sheets)}
    for note in sorted(report.notes, key=lambda note: (order.get(note.sheet, len(order)), note.row)):
        click.echo(str(note), err=note.outcome is Outcome.REFUSED)
    counts = report.counts()
    said = ", ".join(
        f"{counts[outcome.value]} {outcome.value}" for outcome in Outcome if counts[outcome.value]
    )
    click.echo(f"{file}: {said or 'no rows read'}.")
    if path is None:
        click.echo(f"{file}: refused, and nothing written.", err=True)
    else:
        click.echo(f"Wrote {path}. Next: read it through, then run survey-app questionnaires check {path}")
