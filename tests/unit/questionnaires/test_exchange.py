"""Translators' files: out and back without loss, also through a real tool; bad ones refused in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from translate.storage import factory
from translate.storage.xliff2 import Xliff2File

from questionnaires.catalogue import State
from questionnaires.exchange import po, xliff
from questionnaires.exchange.comparing import changes
from questionnaires.exchange.problems import ExchangeRefusedError
from questionnaires.exchange.sheet import Entry, Sheet

SHEET = Sheet(
    source="interface",
    language="pl",
    forms=3,
    rule="nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    entries=(
        Entry(context="", text="Send", texts=("Wyślij",), state=State.APPROVED),
        Entry(
            context="title", text="Two\n\nparagraphs & <b>", texts=("Dwa\n\nakapity & <b>",), comment="A & B"
        ),
        Entry(context="", text="%(who)s said 5%%", texts=("%(who)s: 5%%",), state=State.REVIEWED),
        Entry(
            context="",
            text="%(num)d form",
            plural="%(num)d forms",
            texts=("%(num)d arkusz", "%(num)d arkusze", "%(num)d arkuszy"),
        ),
        Entry(context="empty", text="Not translated yet"),
        Entry(context="late", text="New words", texts=("Stare",), stale=True, previous="Old words"),
    ),
)
WAYS = ("po", "xliff", "xliff2")


def write(sheet: Sheet, way: str, folder: Path) -> Path:
    path = folder / ("out.po" if way == "po" else "out.xlf")
    text = (
        po.write(sheet) if way == "po" else xliff.write([sheet], version="1.2" if way == "xliff" else "2.0")
    )
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path) -> Sheet:
    return po.read(path) if path.suffix == ".po" else xliff.read(path)[0]


def rewrite(path: Path, way: str) -> None:
    """Open and save the file as translate-toolkit does."""
    store = Xliff2File.parsefile(str(path)) if way == "xliff2" else factory.getobject(str(path))
    assert len(store.units) >= len(SHEET.entries)
    store.save()


@pytest.mark.parametrize("way", WAYS)
def test_out_and_back_changes_nothing(way: str, tmp_path: Path) -> None:
    path = write(SHEET, way, tmp_path)
    assert changes(read(path), SHEET, "file") == {}
    rewrite(path, way)
    assert changes(read(path), SHEET, "file") == {}


@pytest.mark.parametrize("way", WAYS)
def test_every_state_and_text_arrives(way: str, tmp_path: Path) -> None:
    """Into a sheet where nothing is translated, all of it is new."""
    bare = replace(SHEET, entries=tuple(replace(each, texts=(), stale=False) for each in SHEET.entries))
    path = write(SHEET, way, tmp_path)
    rewrite(path, way)
    assert changes(read(path), bare, "file") == {
        each.key: (each.texts, each.state) for each in SHEET.entries if each.translated
    }


@pytest.mark.parametrize("way", WAYS)
def test_what_a_tool_wrote_is_read(way: str, tmp_path: Path) -> None:
    path = write(SHEET, way, tmp_path)
    store = Xliff2File.parsefile(str(path)) if way == "xliff2" else factory.getobject(str(path))
    unit = next(each for each in store.units if each.source == "Not translated yet")
    unit.target = "Jeszcze nie"
    store.save()
    assert changes(read(path), SHEET, "file") == {
        ("empty", "Not translated yet"): (("Jeszcze nie",), State.DRAFT)
    }


def refused(*entries: Entry) -> list[str]:
    with pytest.raises(ExchangeRefusedError) as refusal:
        changes(replace(SHEET, entries=entries), SHEET, "came.po")
    return [str(problem) for problem in refusal.value.problems]


def test_every_problem_is_told_with_its_place_cause_and_remedy() -> None:
    told = refused(
        Entry(context="", text="Nobody says this", texts=("x",)),
        Entry(context="title", text="Two paragraphs", texts=("x",)),
        Entry(context="", text="%(who)s said 5%%", texts=("5%%",)),
        Entry(context="", text="%(num)d form", texts=("%(num)d arkusz", "%(num)d arkusze")),
        Entry(context="", text="Send", texts=("Wyślij ",)),
    )
    assert len(told) == 5
    assert all(problem.startswith("came.po: ") for problem in told)
    for problem, words in zip(
        told,
        ("no such message", "English has changed", "placeholders", "2 of 3 plural forms", "spaces"),
        strict=True,
    ):
        assert words in problem


def test_a_message_given_twice_is_refused() -> None:
    again = SHEET.entries[0]
    assert ["more than once" in problem for problem in refused(again, again)] == [True]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.po", 'msgid "no end'),
        ("a.po", 'msgid ""\nmsgstr ""\n'),
        ("a.xlf", "<xliff"),
        ("a.xlf", "<other/>"),
        ("a.xlf", '<!DOCTYPE x [<!ENTITY a "b">]><xliff/>'),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExchangeRefusedError, match=str(path)):
        read(path)


def test_a_form_for_one_number_may_leave_the_number_out() -> None:
    entry = SHEET.entries[3]
    texts = ("jeden arkusz", *entry.texts[1:])
    brought = replace(SHEET, entries=(replace(entry, texts=texts),))
    assert changes(brought, SHEET, "file") == {entry.key: (texts, State.DRAFT)}
