"""`survey-app users`: invite people, list them, help someone who forgot their password."""

from __future__ import annotations

import json
import re

import click
from sqlmodel import Session

from survey_app.cli.session import config, read_session, refuse, write_session
from survey_app.config import with_secret
from survey_app.services import accounts, invitations, people
from survey_app.services.roles import Role
from survey_app.store import accounts as store

ACTOR = "command-line"
ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
BASE_URL = click.option(
    "--base-url",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="The address of the site, for the link.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def users() -> None:
    """People who sign in: invite them, list them, let them choose a new password."""


@users.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--organisation", required=True, metavar="NAME")
@click.option("--create-organisation", is_flag=True, help="Add the organisation if it is not there yet.")
@click.option("--area", default="", metavar="AREA", help="Code or name of the one area the role is for.")
@BASE_URL
@AS_JSON
def invite(
    email: str,
    role: str,
    organisation: str,
    create_organisation: bool,
    area: str,
    base_url: str,
    as_json: bool,
) -> None:
    """Print a one-time link that gives EMAIL a role. It works for 7 days. No e-mail is sent."""
    with write_session() as session:
        problems: list[str] = []
        address = _address(email, problems)
        organisation_id = _organisation(session, organisation, create_organisation, problems)
        area_code = _area(session, area, problems)
        if problems:
            refuse(*problems)
        made = invitations.invite(
            session,
            email=address,
            role=Role(role),
            organisation_id=organisation_id,
            area_code=area_code,
            actor=ACTOR,
        )
    link = f"{base_url.rstrip('/')}/invitation/{made.token}"
    if as_json:
        click.echo(json.dumps({"email": made.email, "link": link, "expires_at": made.expires_at.isoformat()}))
        return
    click.echo(
        f"Pass this link on to {made.email}. It works once, until {made.expires_at:%d %B %Y %H:%M} UTC:"
    )
    click.echo(link)


@users.command("new-password")
@click.argument("email")
@BASE_URL
def new_password(email: str, base_url: str) -> None:
    """Print a one-time link with which EMAIL chooses a new password. It works for 24 hours."""
    with write_session() as session:
        user = store.user_by_email(session, email)
        if user is None or not user.active:
            refuse(f"There is no active account for {email}. Look at: survey-app users list")
        secret_key = with_secret(config()).secret_key
        link = accounts.new_password_link(session, user.id, secret_key=secret_key, actor=ACTOR)
    click.echo(f"Pass this link on to {email}. It works once, for 24 hours:")
    click.echo(f"{base_url.rstrip('/')}/new-password/{link.token}")


@users.command("list")
@AS_JSON
def list_users(as_json: bool) -> None:
    """List everyone with an account and the roles they hold."""
    with read_session() as session:
        everyone = people.everyone(session)
    if as_json:
        click.echo(json.dumps([_record(person) for person in everyone], ensure_ascii=False))
        return
    for person in everyone:
        click.echo(f"{person.email}  {person.name}{'' if person.active else '  (deactivated)'}")
        for held in person.roles:
            place = f", {held.area} ({held.area_code})" if held.area_code else ""
            off = "" if held.working else "  (organisation not active)"
            click.echo(f"    {held.role.value}: {held.organisation}{place}{off}")
    click.echo(f"{len(everyone)} {'account' if len(everyone) == 1 else 'accounts'}.")


def _record(person: people.Person) -> dict[str, object]:
    return {
        "email": person.email,
        "name": person.name,
        "active": person.active,
        "roles": [
            {
                "role": held.role.value,
                "organisation": held.organisation,
                "area": held.area_code or None,
                "working": held.working,
            }
            for held in person.roles
        ],
    }


def _address(email: str, problems: list[str]) -> str:
    name, at, host = email.strip().partition("@")
    if not (name and at and "." in host.strip(".")) or any(
        character.isspace() for character in email.strip()
    ):
        problems.append(f"{email!r} is not an e-mail address. Write one like name@example.org.")
    return email


def _organisation(session: Session, name: str, create: bool, problems: list[str]) -> int:
    bodies = people.bodies(session)
    found = next((body for body in bodies if body.name.casefold() == name.strip().casefold()), None)
    if found is None and create:
        return people.add_organisation(session, name, actor=ACTOR)
    if found is None:
        known = f"Known: {', '.join(body.name for body in bodies)}." if bodies else "There is none yet."
        problems.append(f"No organisation is named {name!r}. {known} Add --create-organisation to make it.")
    elif not found.active:
        problems.append(f"{found.name} is not active. Reactivate it on the Organisations page first.")
    return found.id if found else 0


def _area(session: Session, text: str, problems: list[str]) -> str:
    try:
        return people.find_area(session, text)
    except people.UnknownAreaError as error:
        could_be = "".join(f"\n  {code}  {name} ({level})" for code, name, level in error.candidates)
        problems.append(
            f"Several areas are called {text!r}. Give the code of one:{could_be}"
            if could_be
            else f"No area has the code or name {text!r}. Import areas first, or leave --area out."
        )
        return ""
