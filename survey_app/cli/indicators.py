"""`survey-app indicators`: indicators that a place makes itself, beside the framework's."""

from __future__ import annotations

import json
from pathlib import Path

import click

from questionnaires import bespoke
from survey_app.cli.session import config, read_session, refuse, write_session
from survey_app.services import indicators as service

ACTOR = "command-line"


@click.group()
def indicators() -> None:
    """Indicators of your own: of one question, or of several at once. See docs/indicators.md."""


@indicators.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def list_(as_json: bool) -> None:
    """Say which there are, where they are shown, and how many releases used them."""
    with read_session() as session:
        held = service.all_held(session)
    if as_json:
        rows = [
            {
                "questionnaire": each.definition.questionnaire,
                **bespoke.as_dict(each.definition),
                "version": each.version,
                "digest": each.definition.digest,
                "releases": each.releases,
            }
            for each in held
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for each in held:
        definition = each.definition
        click.echo(
            f"{definition.code} ({definition.questionnaire}, version {each.version}): "
            f"{definition.indicator.title}, made by {definition.indicator.made_by}; "
            f"under {', '.join(definition.under)}; in {each.releases} releases"
        )
    if not held:
        click.echo("There are none. Add some: survey-app indicators import FILE")


@indicators.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only check the file.")
def import_(file: Path, dry_run: bool) -> None:
    """Keep every indicator in FILE, new or changed. Those that are not in it stay.

    They count from the next release on, in every wave of their questionnaire.
    """
    from questionnaires.loading import load_bespoke
    from questionnaires.problems import FileRefusedError

    settings = config()
    try:
        if dry_run:
            found = load_bespoke(file, settings.library, settings.frameworks)
            click.echo(f"{file}: good. {len(found)} indicators; nothing was kept.")
            return
        with write_session() as session:
            changed = service.import_file(session, file, settings.library, settings.frameworks, actor=ACTOR)
    except FileRefusedError as error:
        refuse(*map(str, error.problems))
    except service.ChangedError as error:
        refuse(str(error))
    click.echo(f"Kept: {', '.join(changed)}." if changed else "All of them are held just so already.")


@indicators.command()
@click.argument("questionnaire")
@click.option("--out", type=click.Path(path_type=Path), help="File to write; printed when not given.")
def export(questionnaire: str, out: Path | None) -> None:
    """Write the indicators of QUESTIONNAIRE (an id) as a file that can be imported again."""
    with read_session() as session:
        found = service.of_questionnaire(session, questionnaire)
    if not found:
        refuse(f"There are no indicators of {questionnaire!r}. See: survey-app indicators list")
    text = service.file_text(found)
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"{len(found)} indicators written to {out}.")


@indicators.command()
@click.argument("code")
def remove(code: str) -> None:
    """Leave indicator CODE out of releases from now on. Those that have it keep it."""
    try:
        with write_session() as session:
            service.remove(session, code, actor=ACTOR)
    except service.NoIndicatorError as error:
        refuse(str(error))
    click.echo(f"Removed: {code}. Releases that have it keep it.")
