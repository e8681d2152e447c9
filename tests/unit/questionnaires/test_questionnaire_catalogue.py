from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polib
import pytest

from questionnaires import catalogue, loading
from questionnaires.model import Questionnaire
from questionnaires.problems import ProblemCode


@pytest.fixture
def scale(examples: Path, frameworks: Path) -> Questionnaire:
    return loading.load(examples / "scale.yaml", frameworks)


def translate(path: Path, words: dict[str, str], state: str = "") -> None:
    po = polib.pofile(str(path))
    for entry in po:
        if entry.msgctxt in words:
            entry.msgstr = words[entry.msgctxt]
            entry.tcomment = state and f"state: {state}"
    po.save()


def test_the_template_gives_each_text_its_place_and_a_word_for_the_translator(scale):
    pot = polib.pofile(catalogue.template(scale))
    assert {entry.msgctxt: entry.msgid for entry in pot} == {
        "title": "Example",
        "section.page.title": "Page",
        "answer.text": "How much",
        "answer.scale.low": "Not at all",
        "answer.scale.high": "Completely",
    }
    low = next(entry for entry in pot if entry.msgctxt == "answer.scale.low")
    assert low.comment == "The lowest answer (0). To the question: How much"


def test_every_text_of_every_kind_comes_back_translated(examples, frameworks, tmp_path):
    for example in examples.glob("*.yaml"):
        source = loading.load(example, frameworks)
        po = polib.pofile(str(catalogue.update("pl", source, folder=tmp_path)))
        for entry in po:
            entry.msgstr = f"PL {entry.msgid}"
        po.save()
        copy = catalogue.translated(source, "pl", tmp_path)
        before, after = catalogue.source_messages(source), catalogue.source_messages(copy)
        assert [message.text for message in after] == [f"PL {message.text}" for message in before]
        assert copy.language == "pl"
        assert catalogue.untranslated(source, "pl", tmp_path) == frozenset()
        assert replace(copy.item("answer"), text="") != replace(source.item("answer"), text="x")


def test_what_is_not_translated_stays_english_and_is_named(scale, tmp_path):
    path = catalogue.update("ur", scale, folder=tmp_path)
    assert catalogue.translated(scale, "ur", tmp_path).item("answer").text == "How much"
    translate(path, {"answer.text": "کتنا"})
    copy = catalogue.translated(scale, "ur", tmp_path)
    assert copy.item("answer").text == "کتنا"
    assert copy.item("answer").scale.low_label == "Not at all"
    assert catalogue.untranslated(scale, "ur", tmp_path) == {
        "title",
        "section.page.title",
        "answer.scale.low",
        "answer.scale.high",
    }
    assert catalogue.translated(scale, "ur", tmp_path) is copy


def test_a_language_without_a_file_is_english_throughout(scale, tmp_path):
    assert catalogue.translated(scale, "bn", tmp_path).item("answer") == scale.item("answer")
    assert len(catalogue.untranslated(scale, "bn", tmp_path)) == 5
    assert catalogue.translated(scale, "en", tmp_path) is scale
    assert catalogue.untranslated(scale, "en", tmp_path) == frozenset()


def test_states_are_counted_and_no_state_is_a_draft(scale, tmp_path):
    path = catalogue.update("pl", scale, folder=tmp_path)
    translate(path, {"title": "Przykład"})
    translate(path, {"answer.text": "Ile"}, "reviewed")
    translate(path, {"section.page.title": "Strona"}, "approved")
    done = catalogue.completeness(scale, "pl", tmp_path)
    assert (done.messages, done.translated, done.draft, done.reviewed, done.approved) == (5, 3, 1, 1, 1)


def test_a_changed_question_never_shows_the_old_translation(scale, tmp_path):
    path = catalogue.update("pl", scale, folder=tmp_path)
    translate(path, {"answer.text": "Ile", "title": "Przykład"}, "approved")
    page = scale.sections[0]
    changed = replace(
        scale, digest="other", sections=(replace(page, items=(replace(page.items[0], text="How little"),)),)
    )
    assert catalogue.translated(changed, "pl", tmp_path).item("answer").text == "How little"
    assert any("not in the file" in line for line in catalogue.drift("pl", changed, folder=tmp_path))

    catalogue.update("pl", changed, folder=tmp_path)
    assert catalogue.translated(changed, "pl", tmp_path).item("answer").text == "How little"
    entry = next(e for e in polib.pofile(str(path)) if e.msgid == "How little")
    assert (entry.msgstr, entry.fuzzy, entry.tcomment) == ("Ile", True, "state: draft")
    assert entry.previous_msgid == "How much"
    assert catalogue.completeness(changed, "pl", tmp_path).approved == 1
    assert catalogue.drift("pl", changed, folder=tmp_path) == []

    catalogue.update("pl", scale, changed, folder=tmp_path)  # both versions again: the old words come back
    assert catalogue.translated(replace(scale, digest="x"), "pl", tmp_path).item("answer").text == "Ile"


def test_gaps_are_problems_with_a_line_of_the_po_file(scale, tmp_path):
    path = catalogue.update("pl", scale, folder=tmp_path)
    translate(path, {"title": "Przykład", "answer.text": "Ile", "section.page.title": "Strona"})
    found = catalogue.gaps(scale, "pl", tmp_path)
    assert [(problem.code, problem.key) for problem in found] == [
        (ProblemCode.UNTRANSLATED, "answer.scale.low"),
        (ProblemCode.UNTRANSLATED, "answer.scale.high"),
    ]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert all("answer.scale" in "\n".join(lines[problem.line - 1 : problem.line + 2]) for problem in found)
    assert [problem.line for problem in catalogue.gaps(scale, "ar", tmp_path)] == [1] * 5


def test_update_twice_changes_nothing(scale, tmp_path):
    path = catalogue.update("pl", scale, folder=tmp_path)
    translate(path, {"answer.text": "Ile"}, "reviewed")
    catalogue.update("pl", scale, folder=tmp_path)
    before = path.read_bytes()
    catalogue.update("pl", scale, folder=tmp_path)
    assert path.read_bytes() == before


def test_drift_is_said_in_words(scale, frameworks, tmp_path):
    assert "does not exist" in catalogue.drift("pl", scale, folder=tmp_path)[0]
    framework = loading.load_framework(frameworks / "tiny.yaml")
    path = catalogue.update("pl", framework, folder=tmp_path)
    assert catalogue.drift("pl", framework, folder=tmp_path) == []
    translate(path, {"indicator.mean_mood.sentence": "{wartość} średnio", "title": "Ramy"}, "finished")
    found = catalogue.drift("pl", framework, folder=tmp_path)
    assert [line.split(":")[0] for line in found] == [
        "title",
        "indicator.mean_mood.sentence",
        "indicator.mean_mood.sentence",
    ]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("{town|Twoje miasto}: lubisz je?", True),
        ("Lubisz {town}?", True),
        ("Lubisz {miasto|to}?", False),
        ("Lubisz to?", False),
    ],
)
def test_a_translation_repeats_the_same_answers(words, kept, scale, tmp_path):
    item = replace(scale.item("answer"), text="Do you like {town|your town}?")
    asking = replace(scale, sections=(replace(scale.sections[0], items=(item,)),))
    path = catalogue.update("pl", asking, folder=tmp_path)
    translate(path, {"answer.text": words})
    assert (catalogue.drift("pl", asking, folder=tmp_path) == []) is kept


def test_frameworks_are_translated_the_same_way(frameworks, tmp_path):
    framework = loading.load_framework(frameworks / "tiny.yaml")
    po = polib.pofile(str(catalogue.update("pl", framework, folder=tmp_path)))
    for entry in po:
        entry.msgstr = f"PL {entry.msgid}"
    po.save()
    copy = catalogue.translated_framework(framework, "pl", tmp_path)
    texts = [message.text for message in catalogue.source_messages(framework)]
    assert [message.text for message in catalogue.source_messages(copy)] == [f"PL {text}" for text in texts]
    assert [s.code for _, _, s in copy.subdomains()] == ["wellbeing", "nature"]
    assert {"Mood", "Wellbeing", "{value} on average", "out of 10", "By interview"} <= set(texts)
