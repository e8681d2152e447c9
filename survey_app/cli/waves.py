"""`survey-app waves`: make, list, open, extend and close waves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session

from survey_app.cli.session import config, read_session, refuse, write_session
from survey_app.config import with_secret
from survey_app.services import fieldwork, one_time_links
from survey_app.services import waves as service
from survey_app.services.one_time_links import MOST, BatchRefusedError
from survey_app.services.questionnaire import freeze
from survey_app.services.waves import NewWave, WaveRefusedError
from survey_app.store import responses
from survey_app.store import waves as store
from survey_app.tables import Wave

ACTOR = "command-line"
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def waves() -> None:
    """Waves: one questionnaire version, put to a place, between two dates."""


@waves.command()
@click.argument("slug")
@click.option("--title", required=True, help="What residents see.")
@click.option("--questionnaire", "questionnaire_id", required=True, help="Id of the questionnaire.")
@click.option("--version", required=True, help="Its version.")
@click.option("--opens", type=DAY, required=True, help="First day, as 2026-03-01.")
@click.option("--closes", type=DAY, required=True, help="Last day.")
@click.option("--results", type=DAY, help="Day results are planned for. Residents can withdraw until then.")
@click.option("--languages", help="Such as en,pl,ur; all of the questionnaire's otherwise.")
@click.option(
    "--area", "area_codes", multiple=True, help="Code of an area it covers. Repeat; everywhere otherwise."
)
@click.option(
    "--place-level", default="ward", show_default=True, help="What residents without a postcode pick from."
)
@click.option(
    "--publish-level",
    "published_levels",
    multiple=True,
    default=("ward", "lad"),
    show_default=True,
    help="Levels results are published for. Repeat.",
)
def create(
    slug: str,
    title: str,
    questionnaire_id: str,
    version: str,
    opens: datetime,
    closes: datetime,
    results: datetime | None,
    languages: str | None,
    area_codes: tuple[str, ...],
    place_level: str,
    published_levels: tuple[str, ...],
) -> None:
    """Make the wave SLUG, as in the address /s/SLUG. It takes answers once it is opened."""
    new = NewWave(
        slug=slug,
        title=title,
        opens_on=opens.date(),
        closes_on=closes.date(),
        area_codes=area_codes,
        languages=tuple(each.strip() for each in (languages or "").split(",") if each.strip()),
        place_level=place_level,
        published_levels=published_levels,
        results_on=results.date() if results else None,
    )
    with _refusing(), write_session() as session:
        settings = config()
        questionnaire = service.load_questionnaire(
            settings.library, settings.frameworks, questionnaire_id, version
        )
        service.create(session, new, questionnaire, actor=ACTOR)
    click.echo(f"{slug} is a draft. Open it with: survey-app waves open {slug}")


@waves.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_(as_json: bool) -> None:
    """List the waves, the latest first, with how many answers each has."""
    with read_session() as session:
        rows = [_row(session, wave) for wave in store.all_waves(session)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row['slug']}  {row['status']}  {row['opens_on']} to {row['closes_on']}  "
            f"{row['questionnaire']} {row['version']}  "
            f"{row['submitted']:,} submitted, {row['drafts']:,} drafts"
        )
    if not rows:
        click.echo("There are no waves. Make one with: survey-app waves create")


@waves.command("open")
@click.argument("slug")
@click.option(
    "--allow-incomplete",
    multiple=True,
    metavar="LANGUAGE",
    help="Open although residents would meet English in this language. Repeat.",
)
@click.option("--because", default="", help="Why that is allowed; kept with the wave.")
def open_(slug: str, allow_incomplete: tuple[str, ...], because: str) -> None:
    """Let the wave SLUG take answers. Its questionnaire version can no longer be changed."""
    with _refusing(), write_session() as session:
        wave, settings = _wave(session, slug), config()
        questionnaire = service.load_questionnaire(
            settings.library, settings.frameworks, wave.questionnaire_id, wave.questionnaire_version
        )
        warnings = service.open_wave(
            session,
            wave,
            questionnaire,
            untranslated=service.untranslated_texts(session, questionnaire, wave.languages),
            today=fieldwork.today(),
            actor=ACTOR,
            allow_incomplete=allow_incomplete,
            because=because,
        )
        opened = f"{slug} is open and takes answers from {wave.opens_on} to {wave.closes_on}."
    if freeze(settings.library, questionnaire):
        opened += f" Frozen: {questionnaire.id} {questionnaire.version}."
    for warning in warnings:
        click.echo(f"Warning: {warning}", err=True)
    click.echo(opened)


@waves.command()
@click.argument("slug", required=False)
@click.option("--ended", is_flag=True, help="Close every wave whose last day is over (for a nightly task).")
def close(slug: str | None, ended: bool) -> None:
    """Stop the wave SLUG from taking answers, and forget the postcodes of unfinished ones."""
    if (slug is None) != ended:
        raise click.UsageError("Name a wave, or say --ended.")
    with _refusing(), write_session() as session:
        if slug is None:
            closed = [
                wave.slug for wave in service.close_ended(session, today=fieldwork.today(), actor=ACTOR)
            ]
            message = f"Closed: {', '.join(closed) or 'none'}."
        else:
            wiped = service.close(session, _wave(session, slug), actor=ACTOR)
            message = f"{slug} is closed. Postcodes of unfinished answers forgotten: {wiped:,}."
    click.echo(message)


@waves.command()
@click.argument("slug")
@click.option("--closes", type=DAY, required=True, help="The new last day.")
def extend(slug: str, closes: datetime) -> None:
    """Move the last day of the wave SLUG later."""
    with _refusing(), write_session() as session:
        service.extend(session, _wave(session, slug), closes.date(), actor=ACTOR)
    click.echo(f"{slug} now runs until {closes.date()}.")


@waves.command("results-on")
@click.argument("slug")
@click.argument("day", type=DAY)
def results_on(slug: str, day: datetime) -> None:
    """Say that results of the wave SLUG are planned for DAY. Residents can withdraw until then."""
    with _refusing(), write_session() as session:
        service.plan_results(session, _wave(session, slug), day.date(), actor=ACTOR)
    click.echo(f"Results of {slug} are planned for {day.date()}.")


@waves.command("invite-links")
@click.argument("slug")
@click.option("--count", type=click.IntRange(1, MOST), required=True, help="How many.")
@click.option("--label", default="Made on the command line", show_default=True, help="Who they are for.")
@click.option("--base-url", required=True, help="Where the service is, such as https://survey.example.org.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="CSV to write.")
@click.option("--sheet", type=click.Path(dir_okay=False, path_type=Path), help="Also a QR sheet to print.")
@click.option("--language", help="Of the QR sheet; the wave's first otherwise.")
def invite_links(
    slug: str, count: int, label: str, base_url: str, out: Path, sheet: Path | None, language: str | None
) -> None:
    """Make one-time links to the wave SLUG. They are written once: the database keeps only their hashes."""
    from survey_app.cli.link_files import write_csv, write_sheet

    for path in filter(None, (out, sheet)):
        if path.exists():
            refuse(f"{path} is there already. Links are written once: give another name.")
    settings = with_secret(config())
    try:
        with _refusing(), write_session() as session:
            wave = _wave(session, slug)
            made = one_time_links.make(
                session,
                wave,
                label=label,
                count=count,
                secret=settings.secret_key,
                today=fieldwork.today(),
                actor=ACTOR,
            )
            # Inside the transaction: links that could not be written down must not be made.
            write_csv(out, base_url, made.tokens, wave)
            if sheet is not None:
                write_sheet(sheet, settings, wave, base_url, made.tokens, language or wave.languages[0])
    except BatchRefusedError as error:
        refuse(*(BATCH_REASONS[problem] for problem in error.problems))
    click.echo(f"{count:,} one-time links to {slug} are in {out}. Keep it safe: it cannot be made again.")


@waves.command()
@click.argument("slug")
@click.argument("name")
@click.option("--because", default="", help="Why, and who agreed; kept in the audit trail.")
def policy(slug: str, name: str, because: str) -> None:
    """Release the wave SLUG from now on under the disclosure policy NAME (docs/disclosure.md)."""
    from survey_app.services import policies  # brings numpy, which the other commands do without

    with _refusing(), write_session() as session:
        policies.choose(session, _wave(session, slug), name, because, actor=ACTOR)
    click.echo(f"{slug} is released under {name!r} from now on. Look at: survey-app publish {slug} --dry-run")


BATCH_REASONS = {
    "label": "Say in at most 80 characters who the links are for.",
    "count": f"Make between 1 and {MOST:,} links.",
    "wave": "The wave has ended: links to it would lead nowhere.",
}


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except WaveRefusedError as error:
        refuse(*error.reasons)


def _wave(session: Session, slug: str) -> Wave:
    wave = store.by_slug(session, slug)
    if wave is None:
        known = ", ".join(each.slug for each in store.all_waves(session)) or "none"
        raise WaveRefusedError([f"There is no wave {slug!r}. Waves: {known}."])
    return wave


def _row(session: Session, wave: Wave) -> dict[str, Any]:
    counts = responses.counts(session, wave.id or 0)
    return {
        "slug": wave.slug,
        "title": wave.title,
        "status": wave.status,
        "opens_on": wave.opens_on.isoformat(),
        "closes_on": wave.closes_on.isoformat(),
        "questionnaire": wave.questionnaire_id,
        "version": wave.questionnaire_version,
        "languages": wave.languages,
        "results_on": wave.results_on.isoformat() if wave.results_on else None,
        "areas": wave.area_codes,
        "place_level": wave.place_level,
        "published_levels": wave.published_levels,
        "policy": wave.policy,
        "submitted": sum(number for (status, _), number in counts.items() if status == "submitted"),
        "drafts": sum(number for (status, _), number in counts.items() if status == "draft"),
        "modes": {mode: number for (status, mode), number in sorted(counts.items()) if status == "submitted"},
    }
