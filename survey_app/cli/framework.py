"""`survey-app framework`: what a framework is told of by."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from questionnaires.coverage import Covered
from survey_app.cli.session import config, read_session, refuse

WORDS = {
    "both": "national figures and this survey",
    "national": "national figures only",
    "local": "only the survey fills",
    "neither": "no data",
}


@click.group()
def framework() -> None:
    """Frameworks: what a place needs to thrive, and what tells of it."""


@framework.command()
@click.option("--framework", "id_", default="thriving-places", show_default=True, help="Id of the framework.")
@click.option(
    "--wave", "slug", help="Count what this wave asks, and the national figures held for its areas."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def coverage(id_: str, slug: str | None, as_json: bool) -> None:
    """Say which sub-domains have national figures, local ones, both or neither.

    Without --wave every local indicator of the framework counts, and national figures of any area. With it
    the framework is that of the wave's questionnaire.
    """
    from questionnaires.problems import FileRefusedError
    from survey_app.services import coverage as service
    from survey_app.services.waves import WaveRefusedError

    try:
        with read_session() as session:
            found = service.of(session, config(), id_, slug)
    except LookupError as error:
        refuse(str(error.args[0]))
    except WaveRefusedError as error:
        refuse(*error.reasons)
    except FileRefusedError as error:
        refuse(*map(str, error.problems))
    if as_json:
        rows = [{**asdict(each), "state": each.state} for each in found.subdomains]
        absent = [asdict(each) for each in found.missing]
        click.echo(json.dumps({"framework": found.framework, "subdomains": rows, "missing": absent}))
        return
    for state, words in WORDS.items():
        titles = [each for each in found.subdomains if each.state == state]
        click.echo(f"{words}: {len(titles)}")
        for each in titles:
            click.echo(f"  {each.title}{_detail(each)}")
    for name in found.missing:
        click.echo(f"not held: {name.layer}: {name.indicator} (used by {name.used_by or 'the whole'})")


def _detail(each: Covered) -> str:
    local, national = len(each.local), len(each.national)
    told = [f"{local} asked"] if local else []
    told += [f"{national} national"] if national else []
    return f" ({', '.join(told)})" if told else ""
