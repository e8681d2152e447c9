"""Questionnaires and frameworks as files: what is in them, or every problem with its line."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click

from questionnaires import bespoke, catalogue, effort, freezing, loading
from questionnaires.framework import Framework
from questionnaires.kinds import KINDS
from questionnaires.model import Questionnaire
from questionnaires.problems import FileRefusedError, Problem, ProblemCode
from survey_app.cli import authoring
from survey_app.cli.session import config, refuse
from survey_app.cli.xlsform import export_xlsform, import_xlsform

existing = click.Path(exists=True, path_type=Path)


@click.group()
def questionnaires() -> None:
    """Start, check, look at, compare and freeze questionnaires."""


questionnaires.add_command(import_xlsform)
questionnaires.add_command(export_xlsform)


@questionnaires.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--frameworks", type=existing, help="Folder of frameworks; this installation's by default.")
@click.option(
    "--complete", is_flag=True, help="Also refuse texts without a translation into a language offered."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def check(paths: tuple[Path, ...], frameworks: Path | None, complete: bool, as_json: bool) -> None:
    """Say what is in files of questionnaires, frameworks and indicators, or every problem with its line.

    PATH is a file or a folder of them; without one, this installation's library and frameworks are checked.
    Exits with 1 when any file has a problem.
    """
    settings = config()
    frameworks = frameworks or settings.frameworks
    files = _files(paths or (settings.library, settings.frameworks))
    if not files:
        refuse("There is no .yaml file there. Give the path of a questionnaire or framework file.")
    found = [_check(path, frameworks, complete=complete) for path in files]
    if as_json:
        click.echo(
            json.dumps(
                {"ok": all(each["ok"] for each in found), "files": found}, ensure_ascii=False, indent=2
            )
        )
    else:
        for each in found:
            _print(each)
    if not all(each["ok"] for each in found):
        raise SystemExit(1)


for command in (authoring.new, authoring.preview, authoring.diff, authoring.freeze):
    questionnaires.add_command(command)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    files = []
    for path in paths:
        files += sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    return files


def _check(path: Path, frameworks: Path, *, complete: bool) -> dict[str, Any]:
    """What is in one file, or what is wrong with it."""
    try:
        if loading.is_framework(path):
            return {"file": str(path), "ok": True, **_framework_facts(loading.load_framework(path))}
        if loading.is_bespoke(path):
            return {"file": str(path), "ok": True, **_bespoke_facts(path, frameworks)}
        questionnaire = loading.load(path, frameworks)
        freezing.refuse_changes(path, questionnaire.digest)
        framework = loading.load_framework(frameworks / f"{questionnaire.framework}.yaml")
        offered = [language for language in questionnaire.languages if language != questionnaire.language]
        if complete and (
            gaps := [g for language in offered for g in catalogue.gaps(questionnaire, language)]
        ):
            raise FileRefusedError(gaps)
        return {"file": str(path), "ok": True, **_questionnaire_facts(path, questionnaire, framework)}
    except FileRefusedError as refusal:
        return {
            "file": str(path),
            "ok": False,
            "problems": [problem.as_dict() for problem in refusal.problems],
        }


def _questionnaire_facts(path: Path, questionnaire: Questionnaire, framework: Framework) -> dict[str, Any]:
    items = list(questionnaire.items())
    fed = {code for item in items for code in item.subdomains}
    answered = {item.code for item in items} | {score.code for score in questionnaire.scores}
    shortest, longest = effort.minutes(questionnaire)
    columns = {column for item in items for column in KINDS[item.kind].columns(item)}
    return {
        "what": "questionnaire",
        "id": questionnaire.id,
        "version": questionnaire.version,
        "title": questionnaire.title,
        "frozen": freezing.is_frozen(path),
        "minutes": [shortest, longest],
        "hard_to_read": [hard.place for hard in effort.hard_texts(questionnaire)],
        "framework": f"{framework.id} {framework.version}",
        "sections": len(questionnaire.sections),
        "items": len(items),
        "kinds": dict(Counter(item.kind for item in items)),
        "purposes": dict(Counter(item.purpose.value for item in items)),
        "scores": [score.code for score in questionnaire.scores],
        "margins": {
            margin.name: margin.item or f"area: {margin.area_level}" for margin in questionnaire.margins
        },
        "subdomains": {code: code in fed for _, _, code in _subdomains(framework)},
        "indicators": sum(i.item in answered | columns for _, _, _, i in framework.indicators() if i.item),
        "to_verify": [item.code for item in items if "verify" in item.note.lower()],
        "languages": [_language(questionnaire, language) for language in questionnaire.languages],
    }


def _framework_facts(framework: Framework) -> dict[str, Any]:
    indicators = [indicator for _, _, _, indicator in framework.indicators()]
    return {
        "what": "framework",
        "id": framework.id,
        "version": framework.version,
        "title": framework.title,
        "headlines": len(framework.headlines),
        "domains": sum(len(headline.domains) for headline in framework.headlines),
        "subdomains": sum(1 for _ in framework.subdomains()),
        "without_national": [
            s.code for _, _, s in framework.subdomains() if not any(i.benchmark for i in s.indicators)
        ],
        "local_indicators": sum(indicator.item is not None for indicator in indicators),
        "national_only": sum(indicator.item is None for indicator in indicators),
    }


def _bespoke_facts(path: Path, frameworks: Path) -> dict[str, Any]:
    found = loading.load_bespoke(path, config().library, frameworks)
    return {
        "what": "indicators",
        "questionnaire": found[0].questionnaire if found else "",
        "indicators": [bespoke.as_dict(definition) for definition in found],
    }


def _subdomains(framework: Framework) -> list[tuple[str, str, str]]:
    return [
        (headline.code, domain.code, subdomain.code) for headline, domain, subdomain in framework.subdomains()
    ]


def _language(questionnaire: Questionnaire, language: str) -> dict[str, Any]:
    if language == questionnaire.language:
        return {"language": language, "source": True}
    done = catalogue.completeness(questionnaire, language)
    return {
        "language": language,
        "messages": done.messages,
        "translated": done.translated,
        "draft": done.draft,
        "reviewed": done.reviewed,
        "approved": done.approved,
    }


def _print(found: dict[str, Any]) -> None:
    if not found["ok"]:
        for fields in found["problems"]:
            click.echo(str(Problem(**{**fields, "code": ProblemCode(fields["code"])})), err=True)
        click.echo(f"{found['file']}: {len(found['problems'])} problem(s).", err=True)
        return
    if found["what"] == "indicators":
        click.echo(
            f"{found['file']}: good. {len(found['indicators'])} indicators of {found['questionnaire']}."
        )
        for each in found["indicators"]:
            click.echo(f"  {each['code']}: {each['title']} (under {', '.join(each['under'])})")
        return
    name = f"{found['what'].capitalize()} {found['id']} {found['version']}, {found['title']}"
    click.echo(f"{found['file']}: good. {name}.{' Frozen.' if found.get('frozen') else ''}")
    for line in _framework_lines(found) if found["what"] == "framework" else _questionnaire_lines(found):
        click.echo(f"  {line}")


def _framework_lines(found: dict[str, Any]) -> list[str]:
    return [
        f"{found['headlines']} headlines, {found['domains']} domains, {found['subdomains']} sub-domains",
        f"indicators: {found['local_indicators']} local, {found['national_only']} national only",
        f"sub-domains with no national data: {', '.join(found['without_national']) or 'none'}",
    ]


def _questionnaire_lines(found: dict[str, Any]) -> list[str]:
    covered = [code for code, fed in found["subdomains"].items() if fed]
    bare = [code for code, fed in found["subdomains"].items() if not fed]
    lines = [
        f"{found['items']} items in {found['sections']} sections; {len(found['scores'])} scores",
        f"kinds: {_counts(found['kinds'])}",
        f"purposes: {_counts(found['purposes'])}",
        f"framework {found['framework']}: {found['indicators']} indicators fed",
        f"sub-domains covered ({len(covered)}): {', '.join(covered)}",
        f"not covered: {', '.join(bare) or 'none'}",
        f"weighting margins: {', '.join(f'{k} ({v})' for k, v in found['margins'].items()) or 'none'}",
    ]
    shortest, longest = found["minutes"]
    lines.append(f"about {shortest if shortest == longest else f'{shortest} to {longest}'} minutes to answer")
    if found["hard_to_read"]:
        lines.append(
            f"{len(found['hard_to_read'])} texts are harder to read than for age {effort.OLDEST} (advice): "
            "see them with preview"
        )
    if found["to_verify"]:
        lines.append(f"wording to verify before live use: {', '.join(found['to_verify'])}")
    return lines + [_language_line(language) for language in found["languages"]]


def _language_line(language: dict[str, Any]) -> str:
    if language.get("source"):
        return f"language {language['language']}: source"
    states = ", ".join(f"{language[state]} {state}" for state in ("draft", "reviewed", "approved"))
    done = f"{language['translated']} of {language['messages']} texts translated"
    return f"language {language['language']}: {done} ({states})"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(counts.items()))
