"""What a form came to, as files: the questionnaire, its translations and its media."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import polib

from questionnaires import catalogue, loading, writing
from questionnaires.model import Questionnaire
from questionnaires.problems import FileRefusedError
from questionnaires.xlsform.importing import Imported

MEDIA = "media"
TRANSLATIONS = "translations"


def save(imported: Imported, out: Path, frameworks: Path = loading.FRAMEWORKS) -> Path | None:
    """Write <out>/<id>/<version>/questionnaire.yaml and <out>/translations. Returns the questionnaire's path.

    None, with the reasons refused in the report and nothing written, when the form is refused, when its
    questionnaire has problems, or when there is one of the same id and version already.
    """
    report, document = imported.report, imported.document
    if not document:
        return None
    folder = out / str(document["id"]) / str(document["version"])
    if (folder / loading.FILE_NAME).exists():
        report.refuse(
            ("settings", 2),
            "version",
            f"{folder / loading.FILE_NAME} exists already.",
            "Give the form another form_id or version, or use another folder.",
        )
        return None
    with tempfile.TemporaryDirectory() as temporary:
        draft = Path(temporary)
        (draft / loading.FILE_NAME).write_text(writing.text(document), encoding="utf-8")
        for name, file in imported.media.items():
            (draft / MEDIA).mkdir(exist_ok=True)
            shutil.copyfile(file, draft / MEDIA / name)
        try:
            questionnaire = loading.load(draft / loading.FILE_NAME, frameworks)
        except FileRefusedError as refusal:
            _refuse(imported, refusal)
            return None
        shutil.copytree(draft, folder, dirs_exist_ok=True)
    _translate(questionnaire, imported.translations, out / TRANSLATIONS)
    return folder / loading.FILE_NAME


def _refuse(imported: Imported, refusal: FileRefusedError) -> None:
    """Say problems of the questionnaire at the rows they come from."""
    for problem in refusal.problems:
        parts = problem.key.split(".")
        at = next((imported.rows[part] for part in reversed(parts) if part in imported.rows), ("survey", 0))
        imported.report.refuse(at, "", problem.cause, problem.remedy)


def _translate(questionnaire: Questionnaire, translations: dict[str, dict[str, str]], folder: Path) -> None:
    """The form's own translations, which somebody has put in front of people: state reviewed."""
    for language, texts in translations.items():
        path = catalogue.update(language, questionnaire, folder=folder)
        book = polib.pofile(str(path))
        for entry in book:
            text = texts.get(entry.msgctxt or "")
            if text:
                entry.msgstr = text
                entry.tcomment = f"state: {catalogue.State.REVIEWED.value}"
        book.save(str(path))
