"""`survey-app rehearse`: made-up answers, to try a wave out before it is real."""

from __future__ import annotations

import click

from survey_app.cli.session import config, refuse, write_session
from survey_app.services import waves as service
from survey_app.store import waves


@click.command()
@click.argument("wave")
@click.option("--answers", default=2_000, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same answers.")
def rehearse(wave: str, answers: int, seed: int) -> None:
    """Submit made-up answers to WAVE, in a demonstration installation only.

    For trying out your own areas, margins and questionnaire, from the map to the release.
    """
    from survey_app import rehearsal

    settings = config()
    if not settings.demo:
        refuse("Made-up answers never go into a real installation. Set HEREABOUTS_DEMO=yes in another.")
    with write_session() as session:
        found = waves.by_slug(session, wave)
        if found is None:
            refuse(f"There is no wave {wave!r}. See: survey-app waves list")
        questionnaire = service.load_questionnaire(
            settings.library, settings.frameworks, found.questionnaire_id, found.questionnaire_version
        )
        try:
            rehearsal.fill(session, found, questionnaire, answers, seed)
        except LookupError as error:
            refuse(str(error))
    click.echo(f"{answers:,} made-up answers submitted to {wave}. Publish them: survey-app publish {wave}")
