"""`survey-app export`: single answers as codes, for analysts inside the organisation."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from sqlmodel import Session

from questionnaires.problems import FileRefusedError
from survey_app.cli.session import config, read_session, refuse, write_session
from survey_app.services import export as service
from survey_app.services import questionnaire as questionnaires
from survey_app.services.tables_out import FORMATS
from survey_app.store import waves

ACTOR = "command-line"


@click.command()
@click.argument("slugs", nargs=-1, required=True, metavar="WAVE [WAVE]...")
@click.option("--format", "format_", type=click.Choice(sorted(FORMATS)), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
@click.option("--texts", metavar="REASON", help="Also what people wrote; the audit trail keeps the reason.")
def export(slugs: tuple[str, ...], format_: str, out: Path, texts: str | None) -> None:
    """Write the answers of one or more WAVEs as codes, a row for each response, with a codebook.

    These are single people's answers, not results: they stay inside the organisation, and figures made of
    them are not safe to publish. Whoever has withdrawn is not in the file; make it again after a withdrawal.
    """
    if not out.parent.is_dir():
        refuse(f"There is no folder {out.parent}. Make it first, or write elsewhere.")
    try:
        service.check_reason(texts)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=out.parent) as folder:
            with read_session() as session:
                planned = service.plan(_sources(session, slugs), words=texts is not None)
                files, rows = service.write(session, planned, Path(folder) / out.name, format_)
            with write_session() as session:
                service.record(session, planned, actor=ACTOR, format=format_, rows=rows, reason=texts)
            written = [each.replace(out.parent / each.name) for each in files]
    except service.ExportRefusedError as error:
        refuse(*error.reasons)
    click.echo(f"{rows:,} responses written to {' and '.join(map(str, written))}.")
    click.echo(
        "These are single people's answers. Keep them inside the organisation, publish nothing made of them "
        "without the disclosure rules, and delete them when done. The audit trail says that this was done."
    )


def _sources(session: Session, slugs: tuple[str, ...]) -> list[service.Source]:
    settings, found, reasons = config(), [], []
    for slug in dict.fromkeys(slugs):
        wave = waves.by_slug(session, slug)
        if wave is None:
            known = ", ".join(each.slug for each in waves.all_waves(session)) or "none yet"
            reasons.append(f"There is no wave {slug!r}. There are: {known}.")
            continue
        try:
            asked = questionnaires.for_wave(settings.library, settings.frameworks, wave)
            found.append(service.Source(wave, asked))
        except (questionnaires.QuestionnaireChangedError, LookupError, FileRefusedError) as error:
            reasons.append(str(error))
    if reasons:
        raise service.ExportRefusedError(reasons)
    return found
