"""The command line: `survey-app`. One module per noun; each adds its group here."""

from __future__ import annotations

import importlib
from typing import Any

import click

# Modules are imported only when their command runs: `survey-app waves list` needs no pandas.
COMMANDS = {
    "areas": "survey_app.cli.areas:areas",
    "database": "survey_app.cli.database:database",
    "export": "survey_app.cli.export:export",
    "framework": "survey_app.cli.framework:framework",
    "indicators": "survey_app.cli.indicators:indicators",
    "margins": "survey_app.cli.margins:margins",
    "national": "survey_app.cli.national:national",
    "paper": "survey_app.cli.paper:paper",
    "postcodes": "survey_app.cli.postcodes:postcodes",
    "publish": "survey_app.cli.publish:publish",
    "questionnaires": "survey_app.cli.questionnaires:questionnaires",
    "rehearse": "survey_app.cli.rehearse:rehearse",
    "releases": "survey_app.cli.releases:releases",
    "responses": "survey_app.cli.responses:responses",
    "seed-demo": "survey_app.cli.demo:seed_demo",
    "snapshot": "survey_app.cli.publish:snapshot",
    "translations": "survey_app.cli.translations:translations",
    "users": "survey_app.cli.users:users",
    "waves": "survey_app.cli.waves:waves",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[name]} is not a command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a file or folder that cannot be used is a refusal, not a traceback."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.filename is None:
                raise
            click.echo(
                f"{error.filename}: {error.strerror}. Check the name, that its folder is there, and that you "
                "may write to it.",
                err=True,
            )
            raise SystemExit(1) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hereabouts")
def main() -> None:
    """Community surveys that become local wellbeing indicators beside the national index.

    Exit codes: 0 done, 1 refused with reasons, 2 wrong usage.
    """
