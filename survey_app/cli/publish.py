"""`survey-app snapshot` and `survey-app publish`: from answers to a release."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from sqlmodel import Session

from survey_app.cli.session import config, read_session, refuse, write_session
from survey_app.store import waves

if TYPE_CHECKING:
    from analysis.difference import Difference
    from questionnaires.framework import Framework
    from questionnaires.model import Questionnaire
    from survey_app.services.publish import Built
    from survey_app.tables import Wave

ACTOR = "command-line"


@click.command()
@click.argument("wave")
def snapshot(wave: str) -> None:
    """Add what was submitted to WAVE since the last snapshot to its columns on disk."""
    from analysis.snapshot import SnapshotError
    from survey_app.services import publish as service

    with read_session() as session:
        found, questionnaire, _framework = materials(session, wave)
        folder = service.snapshot_folder(config().data_folder, found)
        try:
            added = service.take_snapshot(session, found, questionnaire, folder)
        except SnapshotError as error:
            refuse(str(error))
    click.echo(f"{added:,} responses added to {folder}.")


@click.command()
@click.argument("wave")
@click.option(
    "--dry-run", is_flag=True, help="Work it out and say what would be published, but store nothing."
)
@click.option("--json", "as_json", is_flag=True, help="Print the manager's report as one JSON document.")
def publish(wave: str, dry_run: bool, as_json: bool) -> None:
    """Publish what WAVE's answers say so far as a new release.

    Every figure passes the disclosure rules first. What is printed here is for the wave's manager: it has
    exact numbers and says why figures are hidden. What readers see is the release.
    """
    from analysis.snapshot import SnapshotError
    from survey_app.services import publish as service
    from survey_app.services import questionnaire as questionnaires

    try:
        with read_session() as session:
            found, questionnaire, framework = materials(session, wave)
            with click.progressbar(
                length=service.STEPS,
                label=f"Working out {wave}",
                file=click.get_text_stream("stderr"),
                hidden=not sys.stderr.isatty(),
            ) as bar:
                built = service.build(
                    session,
                    found,
                    questionnaire,
                    framework,
                    config().data_folder,
                    created=datetime.now(UTC),
                    engine=config().tally_engine,
                    progress=lambda: bar.update(1),
                    versions=questionnaires.versions(config().library, config().frameworks),
                )
                moved = service.since_last(built, service.earlier(session, found))
        if not dry_run:
            with write_session() as session:
                service.record(session, found, built, actor=ACTOR)
    except service.PublicationRefusedError as error:
        refuse(*error.reasons)
    except SnapshotError as error:
        refuse(str(error))
    if as_json:
        click.echo(json.dumps(_document(built, moved, dry_run=dry_run), ensure_ascii=False))
    else:
        click.echo(_words(built, moved, dry_run=dry_run))


def materials(session: Session, slug: str) -> tuple[Wave, Questionnaire, Framework]:
    """The wave, its questionnaire as frozen, and its framework; or a refusal that says what is missing."""
    from questionnaires.loading import load_framework
    from questionnaires.problems import FileRefusedError
    from survey_app.services import questionnaire as questionnaires

    settings = config()
    wave = waves.by_slug(session, slug)
    if wave is None:
        known = ", ".join(each.slug for each in waves.all_waves(session)) or "none yet"
        refuse(f"There is no wave {slug!r}. There are: {known}.")
    try:
        asked = questionnaires.for_wave(settings.library, settings.frameworks, wave)
        return wave, asked, load_framework(settings.frameworks / f"{asked.framework}.yaml")
    except (questionnaires.QuestionnaireChangedError, LookupError, FileRefusedError) as error:
        refuse(str(error))


def _document(built: Built, moved: Difference | None, *, dry_run: bool) -> dict[str, Any]:
    release = built.release
    return {
        "wave": release.wave,
        "release": release.number,
        "published": not dry_run,
        "digest": release.digest,
        "areas": len(release.areas),
        "report": built.report.as_dict(),
        "since": moved.as_dict() if moved else None,
    }


def _words(built: Built, moved: Difference | None, *, dry_run: bool) -> str:
    release, report = built.release, built.report
    modes = ", ".join(f"{count:,} {mode}" for mode, count in sorted(report.modes.items()))
    lines = [
        f"{'Would publish' if dry_run else 'Published'} release {release.number} of {release.wave} "
        f"({release.digest[:12]}).",
        f"Responses: {report.responses:,} ({modes}).",
    ]
    policy = release.policy
    lines.append(
        f"Policy: {policy['name']}: {policy['minimum_base']} answers, {policy['minimum_count']} people on "
        "either side."
    )
    if report.design_effect is not None:
        lines.append(
            f"Weighting: design effect {report.design_effect:.2f}, worth {report.effective_n:,.0f} equal "
            f"answers; largest weight {report.largest_weight:.1f} times the mean."
        )
    lines += [f"Weighted together: {merged}" for merged in report.collapsed]
    lines.append(
        f"Figures: {report.shown:,} shown, {len(report.hidden):,} hidden, "
        f"{len(report.standing):,} standing from an earlier release."
    )
    if release.models:
        lines.append(f"Modelled: {len(release.modelled):,} figures by {len(release.models):,} models.")
    reasons: dict[str, int] = {}
    for withheld in report.hidden:
        reasons[withheld.why] = reasons.get(withheld.why, 0) + 1
    lines += [f"  {count:,} hidden: {why}" for why, count in sorted(reasons.items())]
    lines += list(report.notes)
    lines += moved.sentences() if moved else ["Readers see no earlier release to compare with."]
    return "\n".join(lines)
