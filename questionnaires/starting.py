"""A small questionnaire to start from, fitted to a framework."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from questionnaires import freezing, loading

VERSION = "0.1"
VERSION_LINE = re.compile(r"""^version:[^\S\n]*(?:"[^"\n]*"|'[^'\n]*'|[^\s#]+)""", re.MULTILINE)

TEXT = """\
# Every key is described in docs/questionnaire-format.md. Check the file with:
#   survey-app questionnaires check <this file>
format: 1
id: {id}
version: "{version}"
title: {title}
language: en
framework: {framework}

margins:
  - {{name: age, item: age_band, levels: [16-24, 25-34, 35-49, 50-64, 65+]}}

sections:
  - code: consent
    title: Taking part
    items:
      - code: consent_take_part
        kind: consent
        purpose: consent
        required: true
        text: I am 16 or over and I agree to take part.
        options:
          - {{code: 1, text: I agree to take part}}

  - code: place
    title: Where you live
    items:
      - code: postcode
        kind: postcode
        purpose: place
        prefer_not_to_say: true
        text: What is your postcode?

  - code: questions
    title: Questions
    items:
      - code: first_question
        kind: likert
        purpose: framework
        subdomains: [{subdomain}] # {subdomain_title}
        text: Replace this with your first question.
        options:
          - {{code: 1, text: Strongly agree}}
          - {{code: 2, text: Agree}}
          - {{code: 3, text: Neither agree nor disagree}}
          - {{code: 4, text: Disagree}}
          - {{code: 5, text: Strongly disagree}}
        source: {{text: Written for this questionnaire, licence: CC BY 4.0}}

  - code: about_you
    title: About you
    items:
      - code: age_band
        kind: single_choice
        purpose: weighting
        margin: age
        prefer_not_to_say: true
        text: How old are you?
        options:
          - {{code: 1, text: 16 to 24, level: 16-24}}
          - {{code: 2, text: 25 to 34, level: 25-34}}
          - {{code: 3, text: 35 to 49, level: 35-49}}
          - {{code: 4, text: 50 to 64, level: 50-64}}
          - {{code: 5, text: 65 or over, level: 65+}}
        source: {{text: "Office for National Statistics, Census 2021 age, in five bands", licence: OGL v3}}
"""


def write(id: str, title: str, framework_file: Path) -> str:
    """The text of a questionnaire with one question under the framework's first sub-domain.

    Raises FileRefusedError when the framework cannot be read.
    """
    framework = loading.load_framework(framework_file)
    _, _, subdomain = next(framework.subdomains())
    return TEXT.format(
        id=json.dumps(id),
        version=VERSION,
        title=json.dumps(title, ensure_ascii=False),
        framework=framework.id,
        subdomain=subdomain.code,
        subdomain_title=subdomain.title.replace("\n", " "),
    )


def next_version(version: str) -> str:
    """The version after this one: its last number raised by one, as 1.10 after 1.9."""
    head, number, tail = re.fullmatch(r"(.*?)(\d*)(\D*)", version, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{head}{int(number) + 1}{tail}" if number else f"{version}.1"


def copy(path: Path, version: str) -> Path:
    """Copy a questionnaire file and its media to another version beside it, not frozen; returns the file.

    Nothing but the version changes: comments and order stay. Raises FileExistsError when that version is
    there, ValueError when the file has no line that says its version.
    """
    text, replaced = VERSION_LINE.subn(f'version: "{version}"', path.read_text(encoding="utf-8-sig"), count=1)
    if not replaced:
        raise ValueError(f"{path} has no line that begins with version:")
    folder = path.parent.parent / version
    folder.mkdir(parents=True)
    written = folder / path.name
    written.write_text(text, encoding="utf-8")
    media = path.parent / freezing.MEDIA
    if media.is_dir():
        shutil.copytree(media, folder / freezing.MEDIA)
    return written
