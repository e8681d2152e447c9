"""An author's steps with a questionnaire file: start it, look at it, compare two versions, freeze it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from questionnaires import comparison, freezing, loading, starting
from questionnaires.comparison import Compared, Verdict
from questionnaires.model import Questionnaire
from questionnaires.problems import FileRefusedError
from survey_app.cli.session import config, refuse

SAID = {
    Verdict.COMPARABLE: "comparable",
    Verdict.CARE: "comparable with care",
    Verdict.NOT: "not comparable",
    Verdict.ONE_ONLY: "in one version only",
}


@click.command()
@click.argument("id", required=False)
@click.option("--title", help="What residents will see as the name of the survey.")
@click.option(
    "--framework", default="thriving-places", show_default=True, help="Id of the framework it feeds."
)
@click.option(
    "--from", "source", nargs=2, metavar="ID VERSION", help="Copy this version to the next one instead."
)
@click.option("--as", "version", help="With --from: the version of the copy, if not simply the next.")
@click.option(
    "--into", type=click.Path(path_type=Path), help="Library folder; this installation's by default."
)
def new(
    id: str | None,
    title: str | None,
    framework: str,
    source: tuple[str, str] | None,
    version: str | None,
    into: Path | None,
) -> None:
    """Write a questionnaire to start from: <library>/<ID>/0.1/questionnaire.yaml. It passes check.

    With --from, copy a version that is there, comments and media and all, to the next version, so that it can
    be changed: the old one stays as it is.
    """
    library = into or config().library
    if source:
        if id or title:
            raise click.UsageError("Give either ID and --title, or --from ID VERSION.")
        path = _copied(library, *source, version)
    elif id and title and not version:
        path = _started(library, id, title, framework)
    else:
        raise click.UsageError("Give an ID and a --title, or --from ID VERSION.")
    click.echo(f"Wrote {path}. Edit it, then run: survey-app questionnaires check {path}")


def _started(library: Path, id: str, title: str, framework: str) -> Path:
    frameworks = config().frameworks
    path = library / id / starting.VERSION / loading.FILE_NAME
    if path.exists():
        refuse(f"{path} exists already. Choose another id, or remove it first.")
    try:
        text = starting.write(id, title, frameworks / f"{framework}.yaml")
    except FileRefusedError as refusal:
        refuse(*(str(problem) for problem in refusal.problems))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    try:
        loading.load(path, frameworks)
    except FileRefusedError as refusal:
        path.unlink()
        refuse(*(str(problem) for problem in refusal.problems))
    return path


def _copied(library: Path, id: str, old: str, version: str | None) -> Path:
    version = version or starting.next_version(old)
    if not loading.FOLDER_NAME.fullmatch(version):
        refuse(f"{version!r} cannot be a version. Use letters, digits, dots and hyphens, such as 1.1.")
    try:
        return starting.copy(loading.find(library, id, old), version)
    except FileExistsError:
        refuse(f"{id} {version} is there already. Name another version with --as.")
    except (LookupError, ValueError) as error:
        refuse(str(error))


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def diff(old: str, new: str, as_json: bool) -> None:
    """Say what changed between two versions, and for each item whether figures can still be compared.

    OLD and NEW are files, or ID@VERSION in the library. Before each change: "!" breaks comparison, "~" calls
    for care (the wording, or who is asked, changed).
    """
    before, after = _load(_path(*_named(old))), _load(_path(*_named(new)))
    changes, verdicts = comparison.changes(before, after), comparison.verdicts(before, after)
    if as_json:
        document = {
            "old": {"id": before.id, "version": before.version},
            "new": {"id": after.id, "version": after.version},
            "changes": [change.as_dict() for change in changes],
            "verdicts": [compared.as_dict() for compared in verdicts],
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for change in changes:
        click.echo(str(change))
    if not changes:
        click.echo("Nothing changed.")
        return
    for verdict, said in SAID.items():
        click.echo(f"{said}: {_listed(verdicts, verdict)}")


@click.command()
@click.argument("id")
@click.argument("version")
def freeze(id: str, version: str) -> None:
    """Lock VERSION of the questionnaire ID: from now on a change to its file or its media is refused.

    Opening a wave does this too. To change a frozen version, copy it: survey-app questionnaires new --from.
    """
    path = _path(id, version)
    try:
        done = freezing.freeze(path, _load(path).digest)
    except FileRefusedError as refusal:
        refuse(*(str(problem) for problem in refusal.problems))
    lock = path.parent / freezing.LOCK
    click.echo(f"{id} {version} is frozen: {lock}. Keep that file." if done else f"Frozen already: {lock}.")


def _named(text: str) -> tuple[str, str | None]:
    name, at, version = text.rpartition("@")
    return (name, version) if at and not Path(text).exists() else (text, None)


def _path(what: str, version: str | None) -> Path:
    """The questionnaire file that a path, or an id in the library, leads to."""
    given, library = Path(what), config().library
    if version is None and given.exists():
        return given / loading.FILE_NAME if given.is_dir() else given
    if version is None:
        versions = [entry.version for entry in loading.library(library) if entry.id == what]
        if not versions:
            known = ", ".join(sorted({entry.id for entry in loading.library(library)})) or "none"
            refuse(f"There is no file {what!r}, nor a questionnaire of that id. In the library: {known}.")
        version = versions[-1]
    try:
        return loading.find(library, what, version)
    except LookupError as error:
        refuse(str(error))


def _load(path: Path) -> Questionnaire:
    try:
        return loading.load(path, config().frameworks)
    except FileRefusedError as refusal:
        refuse(*(str(problem) for problem in refusal.problems))


def _listed(verdicts: list[Compared], verdict: Verdict) -> str:
    codes: list[Any] = [compared.code for compared in verdicts if compared.verdict is verdict]
    return f"{len(codes)} ({', '.join(codes)})" if codes else "none"
