"""The only way a file becomes a questionnaire or a framework. Every problem is reported at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from questionnaires import checks, nodes
from questionnaires.bespoke import Definition
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from questionnaires.nodes import Node
from questionnaires.parsing import bespoke as bespoke_parsing
from questionnaires.parsing import framework as framework_parsing
from questionnaires.parsing import questionnaire as questionnaire_parsing
from questionnaires.parsing.fields import Places
from questionnaires.problems import FileRefusedError, ProblemCode, Problems

HERE = Path(__file__).resolve().parent
LIBRARY = HERE / "library"
FRAMEWORKS = HERE / "frameworks"
FILE_NAME = "questionnaire.yaml"
MEDIA_FOLDER = "media"
FOLDER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, order=True)
class LibraryEntry:
    """A questionnaire version in a library folder: <library>/<id>/<version>/questionnaire.yaml."""

    id: str
    version: str
    path: Path


def load(path: Path, frameworks: Path = FRAMEWORKS) -> Questionnaire:
    """The questionnaire in a file, checked against its framework `<frameworks>/<id>.yaml`.

    Raises FileRefusedError with every problem in the file; problems of the framework file itself are
    reported as that file's.
    """
    problems = Problems(str(path))
    text, root = _read(path, problems)
    places = Places()
    found = questionnaire_parsing.questionnaire(root, _digest(text), problems, places)
    if found is not None:
        framework = _its_framework(found, places, frameworks, problems)
        checks.check_questionnaire(found, framework, places, problems)
        _is_filed_right(path, found, places, problems)
        _media_is_there(path, found, places, problems)
    if problems or found is None:
        raise FileRefusedError(list(problems))
    return found


def load_framework(path: Path) -> Framework:
    """The framework in a file. Raises FileRefusedError with every problem in it."""
    problems = Problems(str(path))
    text = _text(path, problems)
    if text is None:
        raise FileRefusedError(list(problems))
    return _framework_of(path, text)


@lru_cache(maxsize=8)  # a library's questionnaires share a few, and every one of them is held against its own
def _framework_of(path: Path, text: str) -> Framework:
    problems = Problems(str(path))
    root = nodes.parse(text, problems)
    if root is None:
        raise FileRefusedError(list(problems))
    places = Places()
    found = framework_parsing.framework(root, _digest(text), problems, places)
    if found is not None:
        checks.check_framework(found, places, problems)
    if problems or found is None:
        raise FileRefusedError(list(problems))
    return found


def load_bespoke(
    path: Path, library_folder: Path = LIBRARY, frameworks: Path = FRAMEWORKS
) -> tuple[Definition, ...]:
    """The bespoke indicators in a file, checked against the newest version of their questionnaire.

    Raises FileRefusedError with every problem in the file, or with those of the questionnaire or framework.
    """
    problems = Problems(str(path))
    _, root = _read(path, problems)
    places = Places()
    found = bespoke_parsing.bespoke(root, problems, places)
    if found is not None and found.questionnaire:
        held = [entry for entry in library(library_folder) if entry.id == found.questionnaire]
        if held:
            asked = load(held[-1].path, frameworks)
            framework = load_framework(frameworks / f"{asked.framework}.yaml")
            checks.check_bespoke(found.definitions, asked, framework, places, problems)
        else:
            line, key = places.of(found).of("questionnaire")
            known = ", ".join(sorted({entry.id for entry in library(library_folder)})) or "none"
            cause = f"There is no questionnaire '{found.questionnaire}' in {library_folder}."
            problems.add(
                ProblemCode.UNKNOWN_QUESTIONNAIRE, line, key, cause, f"Questionnaires there: {known}."
            )
    if problems or found is None:
        raise FileRefusedError(list(problems))
    return found.definitions


def _read(path: Path, problems: Problems) -> tuple[str, Node]:
    """The file's text and its tree. Raises FileRefusedError when it is not there or not YAML."""
    text = _text(path, problems)
    root = None if text is None else nodes.parse(text, problems)
    if root is None or text is None:
        raise FileRefusedError(list(problems))
    return text, root


def is_framework(path: Path) -> bool:
    """Whether a file means to be a framework: it has headlines and no sections. False if unreadable."""
    keys = _keys(path)
    return "headlines" in keys and "sections" not in keys


def is_bespoke(path: Path) -> bool:
    """Whether a file means to be one of bespoke indicators: it lists them, and is nothing else."""
    keys = _keys(path)
    return "indicators" in keys and not {"headlines", "sections"} & keys


def _keys(path: Path) -> frozenset[str]:
    """The keys of the document in a file; none if unreadable."""
    ignored = Problems(str(path))
    text = _text(path, ignored)
    root = None if text is None else nodes.parse(text, ignored)
    return frozenset(root.value if root is not None and isinstance(root.value, dict) else ())


def library(folder: Path = LIBRARY) -> list[LibraryEntry]:
    """Every questionnaire version in a folder, by id and version (1.10 after 1.9). No file is opened."""
    return sorted(_entries(folder), key=lambda entry: (entry.id, _numbers(entry.version), entry.version))


def find(library_folder: Path, id: str, version: str) -> Path:
    """The file of one questionnaire version. Raises LookupError when the library does not hold it."""
    path = library_folder / id / version / FILE_NAME
    if not (FOLDER_NAME.fullmatch(id) and FOLDER_NAME.fullmatch(version) and path.is_file()):
        raise LookupError(f"The library {library_folder} has no questionnaire {id!r} version {version!r}.")
    return path


def _entries(folder: Path) -> Iterator[LibraryEntry]:
    for path in folder.glob(f"*/*/{FILE_NAME}"):
        yield LibraryEntry(path.parent.parent.name, path.parent.name, path)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _text(path: Path, problems: Problems) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        problems.add(
            ProblemCode.MISSING_FILE,
            1,
            "file",
            f"The file cannot be opened: {reason}.",
            "Check the name and path.",
        )
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.add(
            ProblemCode.NOT_YAML, line, "file", "The text is not UTF-8 here.", "Save the file as UTF-8."
        )
    return None


def _digest(text: str) -> str:
    """SHA-256 of the text with plain line ends, so that a checkout on Windows has the same digest."""
    return hashlib.sha256(text.encode()).hexdigest()


def _its_framework(
    found: Questionnaire, places: Places, frameworks: Path, problems: Problems
) -> Framework | None:
    if not found.framework:
        return None
    path = frameworks / f"{found.framework}.yaml"
    if FOLDER_NAME.fullmatch(found.framework) and path.is_file():
        try:
            return load_framework(path)
        except FileRefusedError as refusal:
            problems.found.extend(refusal.problems)
            return None
    line, key = places.of(found).of("framework")
    known = ", ".join(sorted(each.stem for each in frameworks.glob("*.yaml"))) or "none"
    problems.add(
        ProblemCode.UNKNOWN_FRAMEWORK,
        line,
        key,
        f"There is no framework '{found.framework}' in {frameworks}.",
        f"Frameworks there: {known}.",
    )
    return None


def _is_filed_right(path: Path, found: Questionnaire, places: Places, problems: Problems) -> None:
    """In a library the folders say id and version; a file that disagrees would be found under neither."""
    folders = path.resolve().parent
    if path.name != FILE_NAME or folders.parent.parent.name != "library":
        return
    for key, written, folder in (
        ("id", found.id, folders.parent.name),
        ("version", found.version, folders.name),
    ):
        if written and written != folder:
            line, label = places.of(found).of(key)
            problems.add(
                ProblemCode.MISFILED,
                line,
                label,
                f"The file says {key} '{written}' and its folder says '{folder}'.",
                "Make the two the same.",
            )


def _media_is_there(path: Path, found: Questionnaire, places: Places, problems: Problems) -> None:
    """Media lie beside the file; without them a page would have a hole in it."""
    folder = path.parent / MEDIA_FOLDER
    for item in found.items():
        for media in (*item.media, *(item.grid.media if item.grid else ())):
            if media.file and not (folder / media.file).is_file():
                line, label = places.of(media).of("file")
                problems.add(
                    ProblemCode.BAD_MEDIA,
                    line,
                    label,
                    f"There is no file '{media.file}' in the folder '{MEDIA_FOLDER}' beside this one.",
                    "Put it there, or remove this.",
                )
