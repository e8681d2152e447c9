"""Collecting the words to translate in a checkout, and bringing every language's files in step.

Nothing is guessed: a text that changed is a new text, and its old translation stays in the file as obsolete,
or as fuzzy in a questionnaire's. When nothing changed, neither do the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from questionnaires import catalogue
from survey_app.config import PROJECT, Config
from survey_app.readership import files_residents_read
from survey_app.services.translations import files, sources

MAPPING = PROJECT / "babel.cfg"
# `_l` is what presenters call gettext for words chosen before the language is known.
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None}


@dataclass(frozen=True, slots=True)
class Collected:
    """What there is to translate, and which files were written anew because they were out of step."""

    messages: int  # of the interface
    residents: int  # of them, read by residents
    changed: tuple[Path, ...]


def collect(config: Config) -> Collected:
    """Collect the interface's words, bring every language's files in step with their sources, and compile.

    Raises FileNotFoundError where there is no source to collect from, as in an installed package, and
    FileRefusedError for a questionnaire or framework that is not valid.
    """
    template = interface_template()
    changed = (
        [sources.INTERFACE_TEMPLATE]
        if _keep(sources.INTERFACE_TEMPLATE, files.interface_text(template, locations=True))
        else []
    )
    for path in sorted(sources.INTERFACE.glob("*/LC_MESSAGES/messages.po")):
        words = _in_step(path, template)
        if _keep(path, files.interface_text(words, locations=False)):
            changed.append(path)
        files.compile_interface(path)
    for language in sources.languages():
        for source in sources.written(config):
            path = catalogue.file(source.versions[0], language, sources.TRANSLATIONS)
            if path.exists() and _differs(path, language, source):
                changed.append(path)
    read = [message for message in template if message.id]
    return Collected(
        len(read), sum(sources.FOR_RESIDENTS in message.auto_comments for message in read), tuple(changed)
    )


def interface_template() -> Catalog:
    """Every message of the interface with the files it comes from, and a comment on those residents read."""
    with MAPPING.open() as file:
        methods, options = parse_mapping_cfg(file)
    theirs = files_residents_read()
    found = Catalog(project="hereabouts", charset="utf-8", fuzzy=True)
    for file_name, _line, message, comments, context in extract_from_dir(
        str(PROJECT), methods, options, KEYWORDS, comment_tags=("Translators:",)
    ):
        place = Path(file_name).as_posix()
        found.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    for message in found:
        if any(place in theirs for place, _line in message.locations):
            message.auto_comments = [*message.auto_comments, sources.FOR_RESIDENTS]
    return found


def _in_step(path: Path, template: Catalog) -> Catalog:
    with path.open("rb") as file:
        words = read_po(file, locale=path.parent.parent.name)
    words.update(template, no_fuzzy_matching=True, update_header_comment=False)
    return words


def _differs(path: Path, language: str, source: sources.Source) -> bool:
    before = path.read_bytes()
    catalogue.update(language, *source.versions, folder=sources.TRANSLATIONS)
    return path.read_bytes() != before


def _keep(path: Path, text: str) -> bool:
    """Write the file if that changes it. Returns whether it did."""
    if path.exists() and path.read_text(encoding="utf-8").strip() == text.strip():
        return False
    path.write_text(text, encoding="utf-8")
    return True
