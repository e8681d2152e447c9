"""`survey-app responses`: what a resident may ask for with their code."""

from __future__ import annotations

import click

from survey_app.cli.session import config, refuse, write_session
from survey_app.config import with_secret
from survey_app.services.withdrawal import UnknownCodeError
from survey_app.services.withdrawal import withdraw as withdraw_response

ACTOR = "command-line"
SAID = {
    "submitted": "The answers are erased. They are out of the next snapshot and release.",
    "draft": "They had not been sent yet, and are deleted.",
    "withdrawn": "They were withdrawn before; there is nothing left to erase.",
}


@click.group()
def responses() -> None:
    """Residents' responses, by receipt code."""


@responses.command()
@click.argument("code")
def withdraw(code: str) -> None:
    """Erase the answers that CODE, from a resident's last page, belongs to.

    What was published stays published; the next release no longer counts them. The audit trail keeps that
    it was done, and nothing of what they said.
    """
    try:
        with write_session() as session:
            was = withdraw_response(session, code, with_secret(config()).secret_key, actor=ACTOR)
    except UnknownCodeError:
        refuse("No answers have this code. Check it: three groups of four letters and digits.")
    click.echo(SAID[was])
