"""A questionnaire written back as its file, and read again, is the same questionnaire."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires import loading, nodes, writing
from questionnaires.model import (
    Agreement,
    Case,
    Check,
    Compare,
    Compute,
    ComputeMethod,
    Condition,
    Count,
    Every,
    Grid,
    Item,
    Margin,
    Media,
    MediaKind,
    Never,
    OnePer,
    Option,
    Purpose,
    Questionnaire,
    Scale,
    Score,
    ScoreMethod,
    Section,
    Some,
    Source,
    Support,
    Term,
)
from questionnaires.parsing import questionnaire as parsing
from questionnaires.parsing.fields import Places
from questionnaires.problems import Problems

HERE = Path(__file__).parent

said = st.one_of(
    st.sampled_from(
        ["Yes", "no", "1.0", "2026-11-23", "null", "~", "a: b", "# x", "- x", "?x", "{x|y}", "a\nb", "'"]
    ),
    st.text(min_size=1, max_size=30).map(lambda text: text.replace("\r", "").strip()).filter(bool),
).filter(lambda text: not any(0xD800 <= ord(letter) < 0xE000 for letter in text))
text = st.one_of(st.just(""), said)
codes = st.from_regex(r"[a-z]{1,4}(_[a-z]{1,3})?", fullmatch=True)
numbers = st.integers(1, 999)
several = st.lists(numbers, min_size=1, max_size=3).map(tuple)
names = st.lists(codes, min_size=1, max_size=3).map(tuple)
PAST = "before"  # an item with two decimals that stands before every other, for conditions to read

compares = st.one_of(
    st.builds(Compare, item=codes, operator=st.sampled_from(["in", "not-in"]), values=several),
    st.builds(
        Compare,
        item=st.one_of(codes, st.just(PAST)),
        operator=st.sampled_from(["at-least", "at-most"]),
        values=numbers.map(lambda number: (number,)),
    ),
    st.builds(
        Compare,
        item=codes,
        operator=st.sampled_from(["chosen-at-least", "chosen-at-most"]),
        values=numbers.map(lambda number: (number,)),
    ),
    st.builds(
        Compare, item=codes, operator=st.sampled_from(["same-as", "more-than", "less-than"]), other=codes
    ),
    st.builds(Compare, item=codes, operator=st.just("answered")),
    st.builds(Count, items=names, codes=several, at_least=numbers, at_most=st.none() | numbers),
)


def _wider(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Every, conditions=parts),
        st.builds(Some, conditions=parts),
        st.builds(Never, condition=inner),
    )


conditions: st.SearchStrategy[Condition] = st.recursive(compares, _wider, max_leaves=5)
options = st.builds(
    Option,
    code=numbers,
    text=said,
    exclusive=st.booleans(),
    substantive=st.booleans(),
    level=st.none() | said,
    say_what=st.booleans(),
    group=text,
    fixed=st.booleans(),
    name=text,
)
media = st.builds(Media, kind=st.sampled_from(MediaKind), file=said, alt=said)
sources = st.builds(Source, text=said, licence=said, url=text, changed=text)
computes = st.one_of(
    st.builds(
        Compute,
        method=st.sampled_from([ComputeMethod.SUM, ComputeMethod.PRODUCT, ComputeMethod.LARGEST]),
        items=names,
    ),
    st.builds(Compute, method=st.just(ComputeMethod.COUNT), items=names, codes=several),
    st.builds(
        Compute,
        method=st.just(ComputeMethod.CASES),
        cases=st.lists(
            st.builds(Case, when=conditions, value=st.integers(0, 99)), min_size=1, max_size=2
        ).map(tuple),
        otherwise=st.none() | st.integers(0, 99),
    ),
)
items = st.builds(
    Item,
    code=codes,
    kind=st.sampled_from(["single_choice", "integer", "long_text", "computed", "consent", "ranking"]),
    text=said,
    purpose=st.sampled_from(Purpose).filter(lambda purpose: purpose is not Purpose.FRAMEWORK),
    hint=text,
    options=st.lists(options, max_size=3).map(tuple),
    scale=st.none() | st.builds(Scale, low=st.just(0), high=numbers, low_label=said, high_label=said),
    minimum=st.none() | st.integers(0, 99),
    maximum=st.none() | numbers,
    unit=text,
    required=st.booleans(),
    prefer_not_to_say=st.booleans(),
    sensitive=st.booleans(),
    when=st.none() | conditions,
    margin=st.none() | said,
    source=st.none() | sources,
    note=text,
    help=text,
    order=st.sampled_from(["", "random"]),
    checks=st.lists(st.builds(Check, when=conditions, text=said, hard=st.booleans()), max_size=2).map(tuple),
    define=st.lists(codes, max_size=2).map(tuple),
    media=st.lists(media, max_size=2).map(tuple),
    symbol=text,
    earliest=text,
    latest=text,
    agreement=st.none() | st.builds(Agreement, purpose=said, version=said),
    compute=st.none() | computes,
    name=text,
)


@st.composite
def grids(draw: st.DrawFn) -> tuple[Item, ...]:
    whole = draw(items)
    grid = Grid(code=draw(codes), text=draw(said), hint=draw(text), help=draw(text), media=draw(st.just(())))
    shared = replace(whole, kind="grid", grid=grid, hint="", help="", define=(), media=())
    return tuple(
        replace(
            shared,
            code=draw(codes),
            text=draw(said),
            symbol=draw(text),
            name=draw(text),
            when=draw(st.none() | conditions),
            note=draw(text),
            source=draw(st.none() | sources),
        )
        for _ in range(draw(st.integers(1, 3)))
    )


parts = st.lists(st.one_of(items.map(lambda item: (item,)), grids()), min_size=1, max_size=3)
sections = st.builds(
    Section,
    code=codes,
    title=said,
    items=parts.map(lambda runs: tuple(item for run in runs for item in run)),
    intro=text,
    when=st.none() | conditions,
    safety_exit=st.none() | st.booleans(),
)
before = Section(
    code="first",
    title="First",
    items=(Item(code=PAST, kind="decimal", text="Before", purpose=Purpose.CONTEXT, decimals=2),),
)
scores = st.one_of(
    st.builds(
        Score,
        code=codes,
        method=st.sampled_from([ScoreMethod.SUM, ScoreMethod.ANY]),
        items=names,
        codes=several,
        minimum_answered=st.integers(0, 3),
        title=text,
    )
)
questionnaires = st.builds(
    Questionnaire,
    id=codes,
    version=said,
    title=said,
    language=st.just("en"),
    framework=codes,
    sections=st.lists(sections, min_size=1, max_size=2).map(lambda found: (before, *found)),
    introduction=text,
    licence=text,
    contact=text,
    languages=st.sampled_from([("en",), ("en", "pl")]),
    scores=st.lists(scores, max_size=2).map(tuple),
    margins=st.lists(
        st.builds(Margin, name=said, item=st.none() | codes, levels=st.lists(said, max_size=2).map(tuple)),
        max_size=1,
    ).map(tuple),
    one_per=st.sampled_from(OnePer),
    hub=st.booleans(),
    glossary=st.lists(st.builds(Term, code=codes, term=said, text=said), max_size=2).map(tuple),
    support=st.lists(st.builds(Support, name=said, contact=said, url=text), max_size=2).map(tuple),
    next=text,
)


def _read(text: str) -> Questionnaire:
    problems = Problems("test")
    root = nodes.parse(text, problems)
    assert root is not None, list(problems)
    found = parsing.questionnaire(root, "", problems, Places())
    assert found is not None
    return found


@settings(max_examples=30, deadline=None)
@given(questionnaires)
def test_any_questionnaire_comes_back_from_its_own_text(questionnaire: Questionnaire) -> None:
    assert _read(writing.write(questionnaire)) == questionnaire


@pytest.mark.parametrize("entry", loading.library(), ids=lambda entry: f"{entry.id} {entry.version}")
def test_the_library_comes_back(entry: loading.LibraryEntry) -> None:
    questionnaire = loading.load(entry.path)
    assert _read(writing.write(questionnaire)) == replace(questionnaire, digest="")


def test_every_kind_comes_back_with_decimals_and_dates_as_people_write_them() -> None:
    questionnaire = loading.load(HERE / "every-kind" / "questionnaire.yaml", HERE / "frameworks")
    written = writing.write(questionnaire)
    assert _read(written) == replace(questionnaire, digest="")
    assert "at-most: 6.5" in written
    assert "at-least: 2020-01" in written


def test_a_check_on_a_decimal_reads_its_own_digits() -> None:
    """The bound in an item's own check is scaled as its answers are."""
    item = Item(
        code="sleep",
        kind="decimal",
        text="Sleep",
        purpose=Purpose.CONTEXT,
        decimals=1,
        checks=(Check(when=Compare(item="sleep", operator="at-least", values=(125,)), text="So much?"),),
    )
    section = replace(before, items=(item,))
    whole = Questionnaire(
        id="x",
        version="1",
        title="X",
        language="en",
        framework="tiny",
        sections=(section,),
        languages=("en",),
    )
    written = writing.write(whole)
    assert "at-least: 12.5" in written
    assert _read(written) == whole
