"""`survey-app releases`: what became of what was published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from survey_app.cli.session import config, read_session, refuse, write_session
from survey_app.services import released as service
from survey_app.services.released import (
    NoReleaseError,
    Published,
    ReleaseDamagedError,
    State,
    WithdrawalRefusedError,
)
from survey_app.store import waves

ACTOR = "command-line"
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def releases() -> None:
    """Releases: list, show, compare, check and withdraw them. None is ever changed or deleted."""


@releases.command("list")
@click.argument("wave", required=False, default="")
@as_json_option
def list_(wave: str, as_json: bool) -> None:
    """What became of every release, of WAVE or of all waves."""
    with read_session() as session:
        if wave and waves.by_slug(session, wave) is None:
            refuse(f"There is no wave {wave!r}.")
        held = service.history(session, wave)
    if as_json:
        _print([each.as_dict() for each in held])
    elif not held:
        click.echo("Nothing has been published yet.")
    for each in () if as_json else held:
        click.echo(f"{each.wave}  {each.number}  {each.published_at:%Y-%m-%d %H:%M}  {_state(each)}")


@releases.command()
@click.argument("wave")
@click.argument("number", type=int)
@as_json_option
def show(wave: str, number: int, as_json: bool) -> None:
    """What release NUMBER of WAVE is made from, and what became of it."""
    with _refusing(), read_session() as session:
        each = service.one(session, wave, number)
        release = service.document(session, wave, number)
    shown = sum(figure.marker == "shown" for figure in release.figures)
    if as_json:
        _print(
            each.as_dict()
            | {
                "responses": release.responses,
                "modes": release.modes,
                "areas": len(release.areas),
                "figures": len(release.figures),
                "shown": shown,
                "policy": release.policy,
                "provenance": release.provenance,
            }
        )
        return
    click.echo(f"Release {number} of {wave}: {_state(each)}.")
    click.echo(f"Published {each.published_at:%Y-%m-%d %H:%M} UTC by {each.published_by}; {each.digest}.")
    click.echo(
        f"About {release.responses:,} responses, {len(release.areas):,} areas, {shown:,} of "
        f"{len(release.figures):,} figures shown."
    )
    click.echo("Made from:")
    for name, digest in sorted(release.provenance.items()):
        click.echo(f"  {name}: {digest}")


@releases.command()
@click.argument("wave")
@click.argument("before", type=int)
@click.argument("after", type=int)
@as_json_option
def diff(wave: str, before: int, after: int, as_json: bool) -> None:
    """What moved between releases BEFORE and AFTER of WAVE, and why."""
    with _refusing(), read_session() as session:
        found = service.differing(session, wave, before, after)
    if as_json:
        _print(found.as_dict())
        return
    for sentence in found.sentences():
        click.echo(sentence)
    for moved in found.moved:
        beyond = ", beyond its earlier interval" if moved.beyond else ""
        click.echo(f"  {moved.area} {moved.indicator}: {moved.before:g} -> {moved.after:g}{beyond}")
    for words, places in (("appeared", found.appeared), ("hidden", found.hidden)):
        for place in places:
            click.echo(f"  {place.area} {place.indicator}: {words}")


@releases.command()
@click.argument("wave")
@click.argument("number", type=int, required=False)
@as_json_option
def verify(wave: str, number: int | None, as_json: bool) -> None:
    """Check release NUMBER of WAVE, or all of them, and make it again where what it was made from is held.

    Exits with 1 when anything is not as it was published. What cannot be told is said, and is no failure.
    """
    from analysis.build import PublicationRefusedError
    from survey_app.cli.publish import materials
    from survey_app.services import questionnaire as questionnaires
    from survey_app.services.release_checks import verify as check

    found: dict[int, list[Any]] = {}
    try:
        with _refusing(), read_session() as session:
            wave_row, questionnaire, framework = materials(session, wave)
            numbers = (
                [number] if number else [each.number for each in reversed(service.history(session, wave))]
            )
            settings = config()
            versions = questionnaires.versions(settings.library, settings.frameworks)
            for each in numbers:
                found[each] = check(
                    session, wave_row, each, questionnaire, framework, settings.data_folder, versions
                )
    except PublicationRefusedError as error:
        refuse(*error.reasons)
    if as_json:
        _print([{"release": n, "checks": [asdict(check) for check in checks]} for n, checks in found.items()])
    else:
        for each, checks in found.items():
            click.echo(f"Release {each} of {wave}:")
            for one in checks:
                sign = {True: "yes", False: "NO", None: "?"}[one.holds]
                click.echo(f"  {sign:4}{one.words}")
        if not found:
            click.echo("Nothing has been published yet.")
    if any(check.holds is False for checks in found.values() for check in checks):
        raise SystemExit(1)


@releases.command()
@click.argument("wave")
@click.argument("number", type=int)
@click.option("--because", required=True, help="Why, in a sentence. Readers see it.")
@click.option("--with-later", is_flag=True, help="Withdraw later releases that repeat any of it, too.")
@as_json_option
def withdraw(wave: str, number: int, because: str, with_later: bool, as_json: bool) -> None:
    """Show release NUMBER of WAVE no more. It is kept, and later releases are still checked against it.

    Readers see the newest release that was not withdrawn, or none, with the day and the reason. This cannot
    be taken back: publish again instead.
    """
    with _refusing(), write_session() as session:
        row = waves.by_slug(session, wave)
        if row is None:
            refuse(f"There is no wave {wave!r}.")
        gone = service.withdraw(session, row, number, because, actor=ACTOR, with_later=with_later)
        left = next((e for e in service.history(session, wave) if e.state is State.CURRENT), None)
    if as_json:
        _print({"wave": wave, "withdrawn": gone, "shown": left.number if left else None})
        return
    click.echo(f"Withdrawn: release {', '.join(map(str, gone))} of {wave}.")
    click.echo(f"Readers see release {left.number}." if left else "Readers see no release of this wave.")


def _state(each: Published) -> str:
    if each.state is State.WITHDRAWN:
        return f"withdrawn on {each.withdrawn_at:%Y-%m-%d}: {each.because}"
    if each.superseded_by is not None:
        return f"superseded by release {each.superseded_by}"
    return "current"


def _print(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except WithdrawalRefusedError as error:
        later = any("at the same time" in reason for reason in error.reasons)
        refuse(*error.reasons, *(["To do so, add --with-later."] if later else []))
    except (NoReleaseError, ReleaseDamagedError) as error:
        refuse(str(error))
