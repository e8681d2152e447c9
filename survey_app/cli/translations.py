"""`survey-app translations`: collect words, say how far each language is, send files out and take them in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from questionnaires.catalogue import NO_EDITS, Edits
from questionnaires.exchange.problems import ExchangeRefusedError
from questionnaires.exchange.sheet import Standing
from questionnaires.problems import FileRefusedError
from questionnaires.variants import base
from survey_app.cli.session import config, read_session, refuse, write_session
from survey_app.config import PROJECT
from survey_app.services.translations import completeness, editing, files, sources
from survey_app.tables import TranslationEdit

as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
)


@click.group()
def translations() -> None:
    """Translations of the pages, the questionnaires and the frameworks."""


@translations.command()
@as_json_option
def extract(as_json: bool) -> None:
    """Collect the words to translate and bring every language's files in step. Nothing is guessed."""
    if not (PROJECT / "babel.cfg").exists():
        refuse("The source is not here, so there is nothing to collect from. Run this in a checkout.")
    from survey_app import collecting

    try:
        done = collecting.collect(config())
    except FileRefusedError as refusal:
        refuse(*(str(problem) for problem in refusal.problems))
    changed = [str(path.relative_to(PROJECT)) for path in done.changed]
    if as_json:
        found = {"messages": done.messages, "residents": done.residents, "changed": changed}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    click.echo(f"{done.messages} messages of the interface, {done.residents} of them read by residents.")
    for path in changed:
        click.echo(f"Brought in step: {path}")
    if not changed:
        click.echo("Every file was in step.")


@translations.command()
@click.option("--language", "chosen", multiple=True, help="Only this language. Repeat.")
@click.option("--without-edits", is_flag=True, help="As the files are, without what was edited on the web.")
@as_json_option
def status(chosen: tuple[str, ...], without_edits: bool, as_json: bool) -> None:
    """Say how far each language has come, source by source, and whether residents may be offered it."""
    known = sources.languages()
    if unknown := [language for language in chosen if language not in known]:
        refuse(f"There are no files in {', '.join(unknown)}. Languages: {', '.join(known)}.")
    settings = config()
    found = completeness.rows(settings, chosen or known, NO_EDITS if without_edits else _edits())
    lines = [
        {
            "language": row.language,
            "source": row.source.id,
            "offered": base(row.language) in settings.languages,
            **_counts(row.all),
            "residents": _counts(row.residents),
        }
        for row in found
    ]
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False, indent=2))
        return
    for language in chosen or known:
        theirs = [line for line in lines if line["language"] == language]
        missing = sum(line["residents"]["missing"] for line in theirs)
        offered = "offered" if base(language) in settings.languages else "not offered"
        ready = "whole for residents" if not missing else f"{missing} of residents' texts missing"
        click.echo(f"{language}: {offered}, {ready}")
        for line in theirs:
            click.echo(f"  {line['source']}: {_said(line)}")


@translations.command("export")
@click.argument("language")
@click.option("--format", "format_", type=click.Choice(list(files.FORMATS)), default="po", show_default=True)
@click.option("--source", "chosen", multiple=True, help="interface, or the id of a questionnaire. Repeat.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="A folder, or a file for one source."
)
@click.option("--without-edits", is_flag=True, help="As the files are, without what was edited on the web.")
@as_json_option
def export_(
    language: str, format_: str, chosen: tuple[str, ...], out: Path, without_edits: bool, as_json: bool
) -> None:
    """Write the translations into LANGUAGE as files for translators (xliff is XLIFF 1.2, xliff2 2.0)."""
    if language not in sources.languages():
        refuse(f"There are no files in {language!r}. Languages: {', '.join(sources.languages())}.")
    try:
        paths = files.export(
            config(), language, chosen, format_, out, NO_EDITS if without_edits else _edits()
        )
    except LookupError as error:
        refuse(str(error.args[0]))
    if as_json:
        click.echo(json.dumps([str(path) for path in paths], indent=2))
        return
    for path in paths:
        click.echo(f"Wrote {path}")


@translations.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--replace-edits", is_flag=True, help="Let the file win over what was edited on the web.")
@as_json_option
def import_(file: Path, dry_run: bool, replace_edits: bool, as_json: bool) -> None:
    """Take in a translators' FILE (.po, or XLIFF 1.2 or 2.0): all of it, or nothing and every reason why."""
    try:
        found = files.compare(config(), file)
    except ExchangeRefusedError as refusal:
        if as_json:
            problems = [problem.as_dict() for problem in refusal.problems]
            click.echo(json.dumps({"file": str(file), "ok": False, "problems": problems}, ensure_ascii=False))
            raise SystemExit(1) from refusal
        refuse(*map(str, refusal.problems))
    edits = _edits()
    standing_against = [name for each in found for name in files.conflicts(each, edits)]
    if standing_against and not replace_edits:
        refuse(
            *(
                f"{file}: {name}: It was edited on the web since, into something else. Export again, or say "
                "--replace-edits."
                for name in standing_against
            )
        )
    if not dry_run:
        files.take(found)
        _settle(found, edits)
    lines = [
        {"language": each.language, "source": each.source.id, "changed": len(each.changes)} for each in found
    ]
    if as_json:
        click.echo(json.dumps({"file": str(file), "ok": True, "taken": lines}, ensure_ascii=False, indent=2))
        return
    for line in lines:
        click.echo(
            f"{line['source']} in {line['language']}: {line['changed']} "
            f"{'would change' if dry_run else 'changed'}"
        )


def _settle(found: list[files.Import], edits: Edits) -> None:
    """Forget the web's edits that the files now hold, or that gave way to them."""
    if not edits.by_source:
        return
    with write_session() as session:
        for each in found:
            editing.give_way(session, sources.read(each.source, each.language), set(each.changes))


def _edits() -> Edits:
    """What was edited on the web; none where no database has been made yet."""
    address = make_url(config().database_url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        return NO_EDITS
    with read_session() as session:
        if not inspect(session.connection()).has_table(str(TranslationEdit.__tablename__)):
            return NO_EDITS
        return editing.load(session)


def _counts(standing: Standing) -> dict[str, Any]:
    return {
        "messages": standing.messages,
        "missing": standing.missing,
        "stale": standing.stale,
        "draft": standing.draft,
        "reviewed": standing.reviewed,
        "approved": standing.approved,
    }


def _said(line: dict[str, Any]) -> str:
    theirs = line["residents"]
    read = f"; residents read {theirs['messages']}, missing {theirs['missing']}" if theirs["messages"] else ""
    stale = f" ({line['stale']} of them changed in English)" if line["stale"] else ""
    return (
        f"{line['messages']} texts, {line['missing']} missing{stale}, {line['draft']} draft, "
        f"{line['reviewed']} reviewed, {line['approved']} approved{read}"
    )
