"""Translations of questionnaires and frameworks, in gettext .po files that ordinary translators' tools open.

One file per language and id: <folder>/<language>/LC_MESSAGES/<id>.po, shared by every version of that id.
A message is known by its context (see `messages`) and its source text together, so a changed question never
shows the translation of the old one. A translator comment `# state: draft`, `reviewed` or `approved` says how
far each translation has come; one without is a draft.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import polib

from questionnaires import messages
from questionnaires.framework import Framework
from questionnaires.messages import Message
from questionnaires.model import Questionnaire
from questionnaires.problems import Problem, ProblemCode

TRANSLATIONS = Path(__file__).resolve().parent / "translations"
STATE = re.compile(r"^state: *(\w+)", re.MULTILINE)
PLACEHOLDER = re.compile(r"\{\w*(?=[|}])")  # words after a bar are translated
CACHED = 128  # copies in other languages kept; each is some 100 KB

Source = Questionnaire | Framework


class State(StrEnum):
    """How far a translation has come."""

    DRAFT = "draft"  # by machine, or not yet read by a second person
    REVIEWED = "reviewed"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How many messages there are in a language, by state; the rest show the source language."""

    language: str
    messages: int
    draft: int
    reviewed: int
    approved: int

    @property
    def translated(self) -> int:
        return self.draft + self.reviewed + self.approved


@dataclass(frozen=True, slots=True)
class _Translation:
    text: str
    state: State


_Known = Mapping[tuple[str, str], _Translation]
_copies: dict[tuple[str, str, str, int], Questionnaire] = {}


def translated(questionnaire: Questionnaire, language: str, folder: Path = TRANSLATIONS) -> Questionnaire:
    """The questionnaire in a language, message by message; what is not translated stays as it is.

    Kept in memory until the .po file changes. `untranslated` names the messages that stayed.
    """
    if language == questionnaire.language:
        return questionnaire
    path = file(questionnaire, language, folder)
    key = (questionnaire.digest, language, str(path), _changed(path))
    copy = _copies.get(key) if questionnaire.digest else None
    if copy is None:
        known = _known(path)
        copy = messages.word_questionnaire(
            questionnaire, language, lambda context, text: _text(known, context, text)
        )
        if len(_copies) >= CACHED:
            _copies.clear()
        _copies[key] = copy
    return copy


def translated_framework(framework: Framework, language: str, folder: Path = TRANSLATIONS) -> Framework:
    """The framework in a language, message by message; what is not translated stays as it is."""
    known = _known(file(framework, language, folder))
    return messages.word_framework(framework, lambda context, text: _text(known, context, text))


def untranslated(source: Source, language: str, folder: Path = TRANSLATIONS) -> frozenset[str]:
    """Contexts of the messages shown in the source language, so that pages can say so with `lang`.

    `source` is the original, not a translated copy.
    """
    if isinstance(source, Questionnaire) and language == source.language:
        return frozenset()
    known = _known(file(source, language, folder))
    return frozenset(m.context for m in source_messages(source) if (m.context, m.text) not in known)


def completeness(source: Source, language: str, folder: Path = TRANSLATIONS) -> Completeness:
    """How much of the original is translated, and how far each translation has come."""
    found = source_messages(source)
    known = _known(file(source, language, folder))
    states = Counter(known[key].state for m in found if (key := (m.context, m.text)) in known)
    return Completeness(
        language=language,
        messages=len(found),
        draft=states[State.DRAFT],
        reviewed=states[State.REVIEWED],
        approved=states[State.APPROVED],
    )


def source_messages(source: Source) -> list[Message]:
    """Every text of the original that a reader sees."""
    return (
        messages.of_framework(source) if isinstance(source, Framework) else messages.of_questionnaire(source)
    )


def file(source: Source, language: str, folder: Path = TRANSLATIONS) -> Path:
    """Where the translations of a questionnaire or framework into a language are."""
    return folder / language / "LC_MESSAGES" / f"{source.id}.po"


def template(*versions: Source) -> str:
    """The .pot text for one id: the messages of all its versions, each once."""
    return str(_pot(versions))


def update(language: str, *versions: Source, folder: Path = TRANSLATIONS) -> Path:
    """Bring a language's .po file in step with its sources, or make it. Returns its path.

    Translations are kept. One whose source text changed is kept beside it as fuzzy, which nothing shows
    until a translator has looked; one whose place is gone is kept as obsolete. Nothing is ever guessed.
    """
    path = file(versions[0], language, folder)
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    exact = {(entry.msgctxt, entry.msgid): entry for entry in old}
    by_context = {entry.msgctxt: entry for entry in old if entry.msgstr and not entry.obsolete}
    new = _pot(versions)
    new.metadata = {**new.metadata, **old.metadata, "Language": language}
    for entry in new:
        _carry_over(entry, exact.get((entry.msgctxt, entry.msgid)), by_context.get(entry.msgctxt))
    wanted = {(entry.msgctxt, entry.msgid) for entry in new}
    for key, entry in exact.items():
        if key not in wanted and entry.msgstr:
            entry.obsolete = True
            entry.flags = []
            new.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(path))
    return path


def drift(language: str, *versions: Source, folder: Path = TRANSLATIONS) -> list[str]:
    """How a .po file and its sources differ, in words; empty when they agree. For tests to fail on."""
    path = file(versions[0], language, folder)
    if not path.exists():
        return [f"{path} does not exist: run update."]
    entries = {(e.msgctxt or "", e.msgid): e for e in polib.pofile(str(path)) if not e.obsolete}
    wanted = {(m.context, m.text) for version in versions for m in source_messages(version)}
    found = [f"{context}: not in the file: {text!r}" for context, text in sorted(wanted - set(entries))]
    found += [
        f"{context}: no longer in the source: {text!r}" for context, text in sorted(set(entries) - wanted)
    ]
    for (context, text), entry in entries.items():
        if entry.msgstr and sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
            found.append(f"{context}: the words in braces differ from {text!r}")
        stated = STATE.search(entry.tcomment)
        if stated and stated[1] not in list(State):
            found.append(f"{context}: the state {stated[1]!r} is none of {', '.join(State)}")
    return found


def gaps(source: Source, language: str, folder: Path = TRANSLATIONS) -> list[Problem]:
    """Every message without a translation that may be shown, as problems of the .po file."""
    path = file(source, language, folder)
    lines = {}
    if path.exists():
        lines = {(entry.msgctxt, entry.msgid): entry.linenum for entry in polib.pofile(str(path))}
    missing = untranslated(source, language, folder)
    return [
        Problem(
            ProblemCode.UNTRANSLATED,
            str(path),
            lines.get((message.context, message.text), 1),
            message.context,
            f"There is no translation into '{language}' of: {message.text!r}.",
            "Translate it, and remove 'fuzzy' where a translation was looked at again.",
        )
        for message in source_messages(source)
        if message.context in missing
    ]


def _pot(versions: tuple[Source, ...]) -> polib.POFile:
    pot = polib.POFile(wrapwidth=100)
    pot.metadata = {
        "Project-Id-Version": versions[0].id,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    seen = set()
    for version in versions:
        for message in source_messages(version):
            if (message.context, message.text) not in seen:
                seen.add((message.context, message.text))
                pot.append(
                    polib.POEntry(msgctxt=message.context, msgid=message.text, comment=message.comment)
                )
    return pot


def _carry_over(entry: polib.POEntry, same: polib.POEntry | None, before: polib.POEntry | None) -> None:
    """Keep what a translator wrote: as it is for the same text, as fuzzy for a text that changed."""
    if same is not None:
        entry.msgstr, entry.tcomment, entry.flags = same.msgstr, same.tcomment, list(same.flags)
        entry.previous_msgid = same.previous_msgid
    elif before is not None:
        entry.msgstr, entry.tcomment = before.msgstr, f"state: {State.DRAFT.value}"
        entry.previous_msgid = before.msgid
        entry.flags = ["fuzzy"]


def _text(known: _Known, context: str, text: str) -> str:
    found = known.get((context, text))
    return text if found is None else found.text


def _known(path: Path) -> _Known:
    """Translations that may be shown, by context and source text."""
    return _read(path, _changed(path))


@lru_cache(maxsize=CACHED)
def _read(path: Path, changed: int) -> _Known:
    if not changed:
        return {}
    return {
        (entry.msgctxt or "", entry.msgid): _Translation(entry.msgstr, _state(entry))
        for entry in polib.pofile(str(path))
        if entry.translated()
    }


def _state(entry: polib.POEntry) -> State:
    stated = STATE.search(entry.tcomment)
    return State(stated[1]) if stated and stated[1] in list(State) else State.DRAFT


def _changed(path: Path) -> int:
    """When the file last changed, in nanoseconds; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
