"""Every fault a questionnaire can have: `# <- code` marks the line and the code expected there."""

# ruff: noqa: E501 - a row of the table is easier to read whole

from __future__ import annotations

from pathlib import Path

import pytest

from questionnaires import loading
from questionnaires.problems import FileRefusedError, ProblemCode

PAGE = """\
sections:
  - code: page
    title: Page
    items:
"""
MOOD = """\
      - code: mood
        kind: scale
        purpose: framework
        subdomains: [wellbeing]
        text: How are you?
        scale: {low: 0, high: 10, low_label: Bad, high_label: Good}
        source: {text: Own, licence: CC0}
"""
YES_NO = """\
      - code: yes
        kind: single_choice
        purpose: context
        text: Yes or no?
        options:
          - {code: 1, text: Yes}
          - {code: 2, text: No}
"""
SEX = """\
margins:
  - {name: sex, item: sex, levels: [F, M]}
sections:
  - code: page
    title: Page
    items:
      - code: sex
        kind: single_choice
        purpose: weighting
        margin: sex
        text: What is your sex?
        source: {text: Census, licence: OGL v3}
        options:
"""
LATER = """\
  - code: later
    title: Later
    when: {WHEN}
    items:
      - {code: more, kind: long_text, purpose: context, text: More}
"""

FAULTS = {
    "good": PAGE + MOOD,
    "no sections": "title: x\n",
    "unknown key at the top": "colour: red # <- unknown-key\n" + PAGE + MOOD,
    "key misspelt": PAGE + MOOD + "        hnt: Help # <- unknown-key\n",
    "key of another kind": PAGE + MOOD + "        minimum: 3 # <- unknown-key\n",
    "key twice": PAGE + MOOD + "        text: Again # <- duplicate-key\n",
    "title of a section empty": PAGE.replace("title: Page", "title: '' # <- missing-key") + MOOD,
    "text missing": PAGE + MOOD.replace("        text: How are you?\n", "").replace("mood\n", "mood # <- missing-key\n"),
    "scale missing": PAGE
    + "      - code: mood # <- missing-key\n        kind: scale\n        purpose: context\n        text: How?\n",
    "text that is a number": PAGE + MOOD.replace("How are you?", "12 # <- wrong-type"),
    "flag that is a text": PAGE + MOOD + "        required: maybe # <- wrong-type\n",
    "list that is a text": PAGE + MOOD.replace("[wellbeing]", "wellbeing # <- wrong-type, missing-purpose"),
    "options that are texts": PAGE
    + """\
      - code: yes
        kind: single_choice
        purpose: context
        text: Yes or no?
        options: # <- too-few-options
          - Yes # <- wrong-type
          - No # <- wrong-type
""",
    "unknown picture": PAGE + YES_NO.replace("        purpose: context", "        symbol: hous # <- unknown-symbol\n        purpose: context"),
    "unknown kind": PAGE + MOOD.replace("kind: scale", "kind: slider # <- unknown-kind"),
    "unknown purpose": PAGE + YES_NO.replace("purpose: context", "purpose: fun # <- wrong-type"),
    "no purpose": PAGE + YES_NO.replace("        purpose: context\n", "").replace("code: yes", "code: yes # <- missing-purpose"),
    "for the framework, no sub-domain": PAGE
    + MOOD.replace("        subdomains: [wellbeing]\n", "").replace("code: mood", "code: mood # <- missing-purpose"),
    "sub-domain, not for the framework": PAGE
    + YES_NO.replace("text: Yes or", "subdomains: [nature] # <- missing-purpose\n        text: Yes or"),
    "unknown sub-domain": PAGE + MOOD.replace("[wellbeing]", "[wellbing] # <- unknown-subdomain"),
    "no source": PAGE
    + MOOD.replace("        source: {text: Own, licence: CC0}\n", "").replace("code: mood", "code: mood # <- missing-source"),
    "no licence": PAGE + MOOD.replace("{text: Own, licence: CC0}", "{text: Own} # <- missing-source"),
    "code with capitals": PAGE + YES_NO.replace("code: yes", "code: YesNo # <- bad-code"),
    "code with two underscores": PAGE + YES_NO.replace("code: yes", "code: yes__no # <- bad-code"),
    "item code twice": PAGE + YES_NO + YES_NO.replace("code: yes", "code: yes # <- duplicate-code"),
    "section code twice": PAGE
    + YES_NO
    + "  - code: page # <- duplicate-code\n    title: Two\n    items:\n"
    + YES_NO.replace("code: yes", "code: no"),
    "option code twice": PAGE + YES_NO.replace("{code: 2, text: No}", "{code: 1, text: No} # <- duplicate-code"),
    "option code too high": PAGE + YES_NO.replace("{code: 2, text: No}", "{code: 1000, text: No} # <- bad-code"),
    "option code not a number": PAGE + YES_NO.replace("{code: 2, text: No}", "{code: b, text: No} # <- wrong-type"),
    "option code below nought": PAGE + YES_NO.replace("{code: 2, text: No}", "{code: -1, text: No} # <- bad-code"),
    "options without codes": PAGE
    + YES_NO.replace("{code: 1, text: Yes}", "{text: Yes} # <- missing-key").replace("{code: 2, text: No}", "{text: No} # <- missing-key"),
    "purpose misspelt, with sub-domains": PAGE + MOOD.replace("purpose: framework", "purpose: framwork # <- wrong-type"),
    "option text twice": PAGE + YES_NO.replace("{code: 2, text: No}", "{code: 2, text: Yes} # <- bad-options"),
    "one option": PAGE
    + YES_NO.replace("          - {code: 2, text: No}\n", "").replace("options:", "options: # <- too-few-options"),
    "exclusive in a single choice": PAGE
    + YES_NO.replace("{code: 2, text: No}", "{code: 2, text: No, exclusive: true} # <- bad-options"),
    "Likert out of order": PAGE
    + YES_NO.replace("kind: single_choice", "kind: likert").replace("options:", "options: # <- bad-options")
    + "          - {code: 1000, text: High} # <- bad-code\n          - {code: 3, text: Three}\n",
    "scale upside down": PAGE + MOOD.replace("scale: {low: 0, high: 10", "scale: {low: 10, high: 0").replace(
        "high_label: Good}", "high_label: Good} # <- bad-range"
    ),
    "number without bounds": PAGE
    + "      - code: days # <- missing-key\n        kind: integer\n        purpose: context\n"
    "        minimum: 0\n        text: How many?\n",
    "number upside down": PAGE
    + "      - code: days\n        kind: integer\n        purpose: context\n        text: How many?\n"
    "        minimum: 7\n        maximum: 1 # <- bad-range\n",
    "number below nought": PAGE
    + "      - code: days\n        kind: integer\n        purpose: context\n        text: How many?\n"
    "        minimum: -7 # <- bad-range\n        maximum: 1\n",
    "text without end": PAGE
    + "      - code: say\n        kind: long_text\n        purpose: context\n        text: Say\n"
    "        maximum: 99999 # <- bad-range\n",
    "consent that starts with no": PAGE
    + """\
      - code: agree
        kind: consent
        purpose: consent
        text: Agree?
        options: # <- bad-options
          - {code: 2, text: No}
          - {code: 1, text: Yes}
""",
    "consent for another purpose": PAGE
    + """\
      - code: agree
        kind: consent
        purpose: context # <- missing-purpose
        text: Agree?
        options:
          - {code: 1, text: Yes}
""",
    "condition on an unknown item": PAGE + YES_NO + LATER.replace("{WHEN}", "{item: yess, in: [1]} # <- unknown-item"),
    "condition on an unknown option": PAGE
    + YES_NO
    + LATER.replace("{WHEN}", "{item: yes, in: [1, 3]} # <- unknown-option"),
    "condition on a number out of range": PAGE + MOOD + LATER.replace("{WHEN}", "{item: mood, at-least: 11} # <- unknown-option"),
    "condition on a later item": PAGE
    + YES_NO.replace("kind:", "when: {item: more, in: [1]} # <- later-item, bad-condition\n        kind:")
    + LATER.replace("    when: {WHEN}\n", ""),
    "condition on an earlier item of the same page": PAGE
    + MOOD
    + YES_NO.replace("kind:", "when: {item: mood, at-most: 4}\n        kind:"),
    "condition on a later item of the same page": PAGE
    + YES_NO.replace("kind:", "when: {item: mood, at-most: 4} # <- later-item\n        kind:")
    + MOOD,
    "section that reads its own items": PAGE.replace("    items:", "    when: {item: yes, in: [1]} # <- later-item\n    items:") + YES_NO,
    "condition without a relation": PAGE + YES_NO + LATER.replace("{WHEN}", "{item: yes} # <- bad-condition"),
    "condition of two shapes": PAGE
    + YES_NO
    + LATER.replace("{WHEN}", "{item: yes, in: [1], never: {item: yes, in: [1]}} # <- bad-condition"),
    "condition without codes": PAGE + YES_NO + LATER.replace("{WHEN}", "{item: yes, in: []} # <- bad-condition"),
    "fault deep in a condition": PAGE
    + YES_NO
    + LATER.replace(
        "{WHEN}", "\n      every:\n        - {item: yes, in: [1]}\n        - {never: {item: no, answered: true}} # <- unknown-item"
    ),
    "score of an unknown item": "scores:\n  - {code: s, method: any, items: [nope], codes: [1]} # <- unknown-item\n" + PAGE + YES_NO,
    "score of an unknown code": "scores:\n  - {code: s, method: any, items: [yes], codes: [5]} # <- unknown-option\n" + PAGE + YES_NO,
    "score by an unknown method": "scores:\n  - {code: s, method: best, items: [mood]} # <- wrong-type\n" + PAGE + MOOD,
    "score without codes": "scores:\n  - {code: s, method: any, items: [yes]} # <- bad-score\n" + PAGE + YES_NO,
    "score without items": "scores:\n  - {code: s, method: sum} # <- bad-score\n" + PAGE + YES_NO,
    "score sums what has no order": "scores:\n  - {code: s, method: sum, items: [yes]} # <- bad-score\n" + PAGE + YES_NO,
    "score needs more than there is": "scores:\n  - {code: s, method: sum, items: [mood], minimum_answered: 2} # <- bad-score\n"
    + PAGE
    + MOOD,
    "score with the code of an item": "scores:\n  - {code: mood, method: sum, items: [mood]} # <- duplicate-code\n" + PAGE + MOOD,
    "rule without a condition": "scores:\n  - {code: s, method: rule} # <- bad-score\n" + PAGE + MOOD,
    "rule with codes": "scores:\n  - {code: s, method: rule, when: {item: mood, at-least: 5}, codes: [1]} # <- bad-score\n"
    + PAGE
    + MOOD,
    "rule on an unknown item": "scores:\n  - {code: s, method: rule, when: {item: nope, in: [1]}} # <- unknown-item\n" + PAGE + MOOD,
    "option with an unknown level": SEX
    + "          - {code: 1, text: Female, level: F}\n          - {code: 2, text: Male, level: M}\n"
    "          - {code: 3, text: Other, level: X} # <- bad-margin\n",
    "option without a level": SEX
    + "          - {code: 1, text: Female, level: F}\n          - {code: 2, text: Male, level: M}\n"
    "          - {code: 3, text: Other} # <- bad-margin\n          - {code: 4, text: Don't know, substantive: false}\n",
    "level nobody can have": SEX.replace("levels: [F, M]}", "levels: [F, M, X]} # <- bad-margin")
    + "          - {code: 1, text: Female, level: F}\n          - {code: 2, text: Male, level: M}\n",
    "margin of an unknown item": "margins:\n  - {name: age, item: age, levels: [old]} # <- unknown-item\n" + PAGE + MOOD,
    "margin of nothing": "margins:\n  - {name: age} # <- bad-margin\n" + PAGE + MOOD,
    "margin twice": "margins:\n  - {name: lad, area_level: lad}\n  - {name: lad, area_level: lad} # <- duplicate-code\n" + PAGE + MOOD,
    "level without a margin": PAGE + YES_NO.replace("{code: 2, text: No}", "{code: 2, text: No, level: n} # <- bad-margin"),
    "item of a margin that is not there": PAGE + YES_NO.replace("text: Yes or", "margin: yes # <- bad-margin\n        text: Yes or"),
    "for weighting, without a margin": PAGE
    + YES_NO.replace("purpose: context", "purpose: weighting # <- bad-margin")
    + "        source: {text: Own, licence: CC0}\n",
    "margin the item does not know": "margins:\n  - {name: sex, item: yes, levels: [a, b]}\n"
    + PAGE
    + YES_NO.replace("code: yes", "code: yes # <- bad-margin")
    .replace("text: Yes}", "text: Yes, level: a} # <- bad-margin")
    .replace("text: No}", "text: No, level: b} # <- bad-margin"),
    "indicator that is a mean of choices": PAGE + YES_NO.replace("code: yes", "code: mood # <- bad-indicator"),
    "indicator of a code that cannot be": PAGE
    + YES_NO.replace("code: yes", "code: flag # <- bad-indicator").replace("code: 1,", "code: 3,"),
    "indicator of an option, as it should be": PAGE
    + YES_NO.replace("code: yes", "code: met").replace("kind: single_choice", "kind: multiple_choice"),
    "indicator of a whole multiple choice": PAGE
    + YES_NO.replace("code: yes", "code: flag # <- bad-indicator").replace("kind: single_choice", "kind: multiple_choice"),
    "indicator of a yes-or-no score": "scores:\n  - {code: flag, method: any, items: [yes], codes: [1]}\n" + PAGE + YES_NO,
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name, problems_of, marked):
    body = FAULTS[name]
    found = problems_of(body)
    if name == "no sections":
        assert [(p.code, p.key) for p in found] == [
            (ProblemCode.MISSING_KEY, "sections"),
            (ProblemCode.DUPLICATE_KEY, "title"),
        ]
        return
    assert {(p.line - 6, p.code.value) for p in found} == marked(body)
    assert all(p.cause and p.remedy and p.key for p in found)


HEADERS = {
    "id": ("id: test-survey", "id: Test Survey", "bad-code"),
    "version": ('version: "1"', "version: 1.0", "wrong-type"),
    "language": ("language: en", "language: English", "bad-code"),
    "framework": ("framework: tiny", "framework: nothing-like-it", "unknown-framework"),
    "path": ("framework: tiny", "framework: ../tiny", "unknown-framework"),
    "format": ("format: 1", "format: 2", "wrong-type"),
    "missing": ("title: Test survey\n", "", "missing-key"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_fault_in_the_header(name, problems_of):
    good = 'format: 1\nid: test-survey\nversion: "1"\ntitle: Test survey\nlanguage: en\nframework: tiny\n'
    before, after, code = HEADERS[name]
    found = problems_of(PAGE + MOOD, good.replace(before, after))
    line = good[: good.index(before)].count("\n") + 1 if after else 1
    assert [(p.line, p.code.value) for p in found] == [(line, code)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("a: [1,\nb: 2\n", 3),
        ("a: 'x\n", 2),
        ("a: b: c\n", 1),
        ("- a\n- b\n", 1),
        ("a: &x [*x]\n", 1),
    ],
)
def test_not_a_questionnaire_at_all(text, line, tmp_path):
    path = tmp_path / "q.yaml"
    path.write_text(text)
    with pytest.raises(FileRefusedError) as refusal:
        loading.load(path)
    assert refusal.value.problems[0].line == line
    serious = {ProblemCode.NOT_YAML, ProblemCode.WRONG_TYPE}
    assert serious & {problem.code for problem in refusal.value.problems}


def test_a_file_that_is_not_there_or_not_text(tmp_path):
    with pytest.raises(FileRefusedError) as refusal:
        loading.load(tmp_path / "none.yaml")
    assert [p.code for p in refusal.value.problems] == [ProblemCode.MISSING_FILE]
    path = tmp_path / "latin.yaml"
    path.write_bytes("format: 1\ntitle: Caf\xe9\n".encode("latin-1"))
    with pytest.raises(FileRefusedError) as refusal:
        loading.load(path)
    assert [(p.code, p.line) for p in refusal.value.problems] == [(ProblemCode.NOT_YAML, 2)]


def test_a_mistyped_key_is_recognised(problems_of):
    (problem,) = problems_of(PAGE + MOOD + "        hnt: Help\n")
    assert problem.remedy == "Did you mean 'hint'?"
    assert str(problem).endswith(
        "questionnaire.yaml:18: sections.page.items.mood.hnt: 'hnt' is not a key here. "
        "Did you mean 'hint'? [unknown-key]"
    )


def test_ten_planted_faults_are_all_reported(frameworks, marked):
    path = Path(__file__).parent / "ten-faults.yaml"
    expected = marked(path.read_text(encoding="utf-8"))
    assert len(expected) == 10
    with pytest.raises(FileRefusedError) as refusal:
        loading.load(path, frameworks)
    assert {(p.line, p.code.value) for p in refusal.value.problems} == expected
    assert len(refusal.value.problems) == 10


FRAMEWORK_FAULTS = {
    "good": "",
    "no benchmark": "              - {code: x, title: X, polarity: 1} # <- bad-indicator\n",
    "polarity": "              - {code: x, title: X, polarity: 0, item: mood} # <- bad-indicator\n",
    "no polarity": "              - {code: x, title: X, item: mood} # <- missing-key\n",
    "no codes": "              - {code: x, title: X, polarity: 1, item: i, statistic: proportion} # <- bad-indicator\n",
    "codes": "              - {code: x, title: X, polarity: 1, item: i, codes: [1]} # <- bad-indicator\n",
    "statistic": "              - {code: x, title: X, polarity: 1, item: i, statistic: median} # <- wrong-type\n",
    "code twice": "              - {code: same, title: X, polarity: 1, item: mood} # <- duplicate-code\n",
    "key": "              - {code: x, title: X, polarity: 1, item: mood, colour: red} # <- unknown-key\n",
    "benchmark": "              - {code: x, title: X, polarity: 1, benchmark: {layer: l}} # <- missing-key\n",
    "index": "            index: [{layer: l, indicator: a}]\nlayers: [{id: l, title: L}]\n",
    "index of no layer": "            index:\n              - {layer: m, indicator: a} # <- bad-indicator\n",
    "index without a name": "            index:\n              - {layer: l} # <- missing-key\nlayers: [{id: l, title: L}]\n",
    "index twice": "            index:\n              - {layer: l, indicator: a}\n"
    "              - {layer: l, indicator: a} # <- bad-indicator\nlayers: [{id: l, title: L}]\n",
    "layer without a title": "layers:\n  - {id: l} # <- missing-key\n",
    "layer twice": "layers:\n  - {id: l, title: L}\n  - {id: l, title: M} # <- duplicate-code\n",
    "model": "models:\n  - level: ward\n    indicators: [same]\n    covariates: [{layer: l, indicator: a}]\n",
    "model of everything": "models:\n  - level: ward\n  - level: lad\n",
    "model without a level": "models:\n  - indicators: [same] # <- missing-key\n",
    "model of nothing known": "models:\n  - level: ward\n    indicators: [sam] # <- bad-indicator\n",
    "model of a national one": "              - {code: jobs, title: J, polarity: 1, benchmark: {layer: l, indicator: j}}\n"
    "models:\n  - level: ward\n    indicators: [jobs] # <- bad-indicator\n",
    "modelled twice": "models:\n  - level: ward\n  - level: ward\n    indicators: [same] # <- bad-indicator\n",
    "covariate twice": "models:\n  - level: ward\n    covariates:\n      - {layer: l, indicator: a}\n"
    "      - {layer: l, indicator: a} # <- bad-indicator\n",
    "covariate of no layer": "models:\n  - level: ward\n    covariates:\n      - {indicator: a} # <- missing-key\n",
}


@pytest.mark.parametrize("name", FRAMEWORK_FAULTS)
def test_fault_in_a_framework(name, tmp_path, marked):
    text = """\
format: 1
id: tiny
version: "1"
title: Tiny
headlines:
  - code: local
    title: Local
    domains:
      - code: people
        title: People
        subdomains:
          - code: wellbeing
            title: Wellbeing
            indicators:
              - {code: same, title: Same, polarity: 1, item: mood}
"""
    path = tmp_path / "tiny.yaml"
    path.write_text(text + FRAMEWORK_FAULTS[name])
    try:
        loading.load_framework(path)
        found = set()
    except FileRefusedError as refusal:
        found = {(p.line, p.code.value) for p in refusal.problems}
    assert found == marked(text + FRAMEWORK_FAULTS[name])


def test_problems_of_the_framework_are_reported_under_its_own_name(tmp_path):
    (tmp_path / "broken.yaml").write_text(
        'format: 1\nid: broken\nversion: "1"\ntitle: Broken\nheadlnes: []\n'
    )
    path = tmp_path / "q.yaml"
    path.write_text(
        'format: 1\nid: q\nversion: "1"\ntitle: Q\nlanguage: en\nframework: broken\n' + PAGE + MOOD
    )
    with pytest.raises(FileRefusedError) as refusal:
        loading.load(path, tmp_path)
    assert {(Path(p.file).name, p.line, p.code.value) for p in refusal.value.problems} == {
        ("broken.yaml", 1, "missing-key"),
        ("broken.yaml", 5, "unknown-key"),
    }


def test_a_file_in_the_wrong_folder_of_a_library_is_refused(tmp_path, frameworks, examples):
    text = (examples / "scale.yaml").read_text()
    path = tmp_path / "library" / "example-scale" / "2" / "questionnaire.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(FileRefusedError) as refusal:
        loading.load(path, frameworks)
    assert [(p.code, p.key, p.line) for p in refusal.value.problems] == [(ProblemCode.MISFILED, "version", 3)]
    path.write_text(text.replace('version: "1"', 'version: "2"'))
    assert loading.load(path, frameworks).version == "2"


NUMBERS = """\
      - {code: adults, kind: integer, purpose: context, text: Adults, minimum: 0, maximum: 9}
      - code: children
        kind: integer
        purpose: context
        text: Children
        minimum: 0
        maximum: 9
"""
LIKES = """\
      - code: likes
        kind: multiple_choice
        purpose: context
        text: What do you like?
        options:
          - {code: 1, text: Parks}
          - {code: 2, text: Shops}
          - {code: 3, text: Nothing, exclusive: true}
"""
GRID = """\
      - code: table
        kind: grid
        purpose: context
        text: How often?
        rows:
          - {code: sad, text: Sad}
          - {code: glad, text: Glad}
        options:
          - {code: 1, text: Never}
          - {code: 2, text: Often}
"""
MORE = "      - {code: more, kind: long_text, purpose: context, text: More, when: WHEN}\n"


def more(when):
    return MORE.replace("WHEN}", f"{when}}}")


def check(when, more=""):
    return f"        checks:\n          - {{when: {when}, text: Sure?{more}}} # <- CODE\n"


LOGIC_FAULTS = {
    "good": PAGE + NUMBERS + LIKES + GRID,
    # conditions
    "count": PAGE + GRID + more("{count: [sad, glad], in: [2], at-least: 1}"),
    "count of nothing": PAGE + GRID + more("{count: [], in: [2], at-least: 1}} # <- bad-condition\n#"),
    "count without bounds": PAGE + GRID + more("{count: [sad, glad], in: [2]}} # <- bad-condition\n#"),
    "count of an unknown item": PAGE
    + GRID
    + more("{count: [sad, mad], in: [2], at-least: 1}} # <- unknown-item\n#"),
    "count of a code that is not there": PAGE
    + GRID
    + more("{count: [sad], in: [7], at-least: 1}} # <- unknown-option\n#"),
    "size of one answer": PAGE + NUMBERS + more("{item: adults, chosen-at-least: 2}} # <- bad-condition\n#"),
    "size of several": PAGE + LIKES + more("{item: likes, chosen-at-least: 2}"),
    "two items": PAGE + NUMBERS + more("{item: children, more-than: adults}"),
    "other item unknown": PAGE + NUMBERS + more("{item: children, more-than: parents}} # <- unknown-item\n#"),
    "other item of another sort": PAGE
    + NUMBERS
    + "      - {code: day, kind: date, purpose: context, text: When?}\n"
    + more("{item: day, more-than: adults}} # <- bad-condition\n#"),
    "date": PAGE
    + "      - {code: day, kind: date, purpose: context, text: When?}\n"
    + more("{item: day, at-least: 2020-02-01}"),
    "date compared with a month": PAGE
    + "      - {code: day, kind: date, purpose: context, text: When?}\n"
    + more("{item: day, at-least: 2020-02}} # <- bad-condition\n#"),
    "date among codes": PAGE
    + "      - {code: day, kind: date, purpose: context, text: When?}\n"
    + more("{item: day, in: [20200101]}} # <- bad-condition\n#"),
    # reach
    "contradiction": PAGE
    + YES_NO
    + more("{every: [{item: yes, in: [1]}, {item: yes, in: [2]}]}} # <- unreachable\n#"),
    "blank and answered": PAGE
    + YES_NO
    + more("{every: [{item: yes, answered: false}, {item: yes, in: [2]}]}} # <- unreachable\n#"),
    "range turned round": PAGE
    + NUMBERS
    + more("{every: [{item: adults, at-least: 5}, {item: adults, at-most: 4}]}} # <- unreachable\n#"),
    "contradicts the condition of what it reads": PAGE
    + YES_NO
    + "      - {code: job, kind: yes_no, purpose: context, text: A job?, when: {item: yes, in: [1]}}\n"
    + more("{every: [{item: job, in: [1]}, {item: yes, in: [2]}]}} # <- unreachable\n#"),
    "everyone is left out": PAGE
    + YES_NO
    + more("{every: [{item: yes, answered: true}, {never: {item: yes, in: [1, 2]}}]}} # <- unreachable\n#"),
    "either is open": PAGE + YES_NO + more("{some: [{item: yes, in: [1]}, {item: yes, in: [2]}]}"),
    "left blank is open": PAGE + YES_NO + more("{never: {item: yes, in: [1, 2]}}"),
    "several answers at once": PAGE
    + LIKES
    + more("{every: [{item: likes, in: [1]}, {item: likes, in: [2]}]}"),
    "several answers, one ruled out": PAGE
    + LIKES
    + more("{every: [{item: likes, in: [1]}, {item: likes, not-in: [1]}]}} # <- unreachable\n#"),
    "more counted than there are": PAGE
    + GRID
    + more("{count: [sad, glad], in: [2], at-least: 3}} # <- unreachable\n#"),
    "section nobody reaches": PAGE
    + YES_NO
    + LATER.replace("{WHEN}", "{every: [{item: yes, in: [1]}, {item: yes, not-in: [1]}]} # <- unreachable"),
    # checks
    "check": PAGE + NUMBERS + check("{item: children, more-than: adults}").replace(" # <- CODE", ""),
    "check never raised": PAGE
    + NUMBERS
    + check("{every: [{item: children, at-least: 8}, {item: children, at-most: 2}]}").replace(
        "CODE", "bad-check"
    ),
    "check nobody gets past": PAGE
    + NUMBERS
    + check("{item: children, at-least: 0}", ", hard: true").replace("CODE", "bad-check"),
    "check without a condition": PAGE + NUMBERS + "        checks: [{text: Sure?}] # <- bad-check\n",
    "check of a later item": PAGE
    + NUMBERS
    + check("{item: yes, in: [1]}").replace("CODE", "later-item")
    + YES_NO,
    # computed
    "sum": PAGE
    + NUMBERS
    + "      - {code: all, kind: computed, text: All, compute: {sum: [adults, children]}}\n",
    "two ways to compute": PAGE
    + NUMBERS
    + "      - {code: all, kind: computed, text: All, compute: {sum: [adults], count: [adults]}} # <- bad-compute\n",
    "difference of one": PAGE
    + NUMBERS
    + "      - {code: all, kind: computed, text: All, compute: {difference: [adults]}} # <- bad-compute\n",
    "count without codes": PAGE
    + NUMBERS
    + "      - {code: all, kind: computed, text: All, compute: {count: [adults]}} # <- bad-compute\n",
    "sum of several answers": PAGE
    + LIKES
    + "      - {code: all, kind: computed, text: All, compute: {sum: [likes]}} # <- bad-compute\n",
    "sum of what is not there": PAGE
    + NUMBERS
    + "      - {code: all, kind: computed, text: All, compute: {sum: [adults, cats]}} # <- unknown-item\n",
    "sum of what comes later": PAGE
    + "      - {code: all, kind: computed, text: All, compute: {sum: [adults, children]}} # <- later-item\n"
    + NUMBERS,
    "case outside the bounds": PAGE
    + NUMBERS
    + "      - {code: one, kind: computed, text: One, maximum: 1, compute: {cases: [{when: {item: adults, at-most: 1}, value: 2}]}} # <- bad-compute\n",
    "loop": PAGE
    + "      - {code: one, kind: computed, text: One, compute: {sum: [two]}} # <- loop\n"
    + "      - {code: two, kind: computed, text: Two, compute: {sum: [one]}} # <- loop\n",
    "of itself": PAGE + "      - {code: one, kind: computed, text: One, compute: {sum: [one]}} # <- loop\n",
    # grids
    "grid without rows": PAGE
    + GRID.replace("          - {code: sad, text: Sad}\n          - {code: glad, text: Glad}\n", "").replace(
        "rows:", "rows: # <- bad-grid"
    ),
    "row that reads a row": PAGE
    + GRID.replace(
        "{code: glad, text: Glad}", "{code: glad, text: Glad, when: {item: sad, in: [1]}} # <- bad-grid"
    ),
    "row code twice": PAGE
    + GRID.replace("{code: glad, text: Glad}", "{code: sad, text: Glad} # <- duplicate-code"),
    "grid and row of one code": PAGE + GRID.replace("code: table", "code: glad # <- duplicate-code"),
    "grid code twice": PAGE
    + GRID
    + GRID.replace("sad", "mad")
    .replace("glad", "bad")
    .replace("code: table", "code: table # <- duplicate-code"),
    "option code twice in a grid": PAGE
    + GRID.replace("{code: 2, text: Often}", "{code: 1, text: Often} # <- duplicate-code"),
    "row with a kind": PAGE
    + GRID.replace("{code: glad,", "{code: glad, kind: likert, ").replace("Glad}", "Glad} # <- unknown-key"),
    # texts with answers in them
    "answer in a text": PAGE
    + NUMBERS
    + more("{item: adults, at-least: 1}").replace("text: More", 'text: "All {adults}?"'),
    "answer in a text, and words for none": PAGE
    + NUMBERS
    + '      - {code: more, kind: long_text, purpose: context, text: "All {adults|of you}?"}\n',
    "answer in a text, and no words for none": PAGE
    + NUMBERS
    + '      - {code: more, kind: long_text, purpose: context, text: "All {adults}?"} # <- bad-piping\n',
    "unknown item in a text": PAGE
    + NUMBERS
    + '      - {code: more, kind: long_text, purpose: context, text: "All {parents|of you}?"} # <- bad-piping\n',
    "later item in a text": PAGE
    + '      - {code: more, kind: long_text, purpose: context, text: "All {adults|of you}?"} # <- later-item\n'
    + NUMBERS,
    "own page in a section's introduction": PAGE.replace(
        "    items:", '    intro: "{adults|All}" # <- later-item\n    items:'
    )
    + NUMBERS,
    "postcode in a text": PAGE
    + "      - {code: place, kind: postcode, purpose: place, text: Where?}\n"
    + '      - {code: more, kind: long_text, purpose: context, text: "In {place|town}?"} # <- bad-piping\n',
    # what items carry
    "page with the code of a section": PAGE
    + YES_NO
    + "      - {code: later, kind: long_text, purpose: context, text: Why?, when: {item: yes, in: [1]}} # <- duplicate-code\n"
    + LATER.replace("    when: {WHEN}\n", ""),
    "unknown term": PAGE + YES_NO + "        define: [damp] # <- unknown-term\n",
    "term": "glossary: [{term: Damp, text: Wet}]\n" + PAGE + YES_NO + "        define: [Damp]\n",
    "term twice": "glossary:\n  - {term: Damp, text: Wet}\n  - {term: damp, text: Dry} # <- duplicate-code\n"
    + PAGE
    + YES_NO,
    "media of another kind": PAGE
    + YES_NO
    + "        media: [{kind: audio, file: here.png, alt: Here}] # <- bad-media\n",
    "media that is not there": PAGE
    + YES_NO
    + "        media: [{kind: image, file: here.png, alt: Here}] # <- bad-media\n",
    "media elsewhere": PAGE
    + YES_NO
    + "        media: [{kind: image, file: ../here.png, alt: Here}] # <- bad-media\n",
    "random scale": PAGE + MOOD + "        order: random # <- bad-options\n",
    "random Likert": PAGE
    + YES_NO.replace("single_choice", "likert")
    + "        order: random # <- bad-options\n",
    "random grid": PAGE + GRID + "        order: random # <- unknown-key\n",
    "two options to say what": PAGE
    + YES_NO.replace("text: Yes}", "text: Yes, say_what: true}").replace(
        "text: No}", "text: No, say_what: true} # <- bad-options"
    ),
    "say what on a Likert item": PAGE
    + YES_NO.replace("single_choice", "likert").replace(
        "text: No}", "text: No, say_what: true} # <- bad-options"
    ),
    "group of a single choice": PAGE
    + YES_NO.replace("text: No}", "text: No, group: Other} # <- bad-options"),
    "fixed where nothing moves": PAGE
    + YES_NO.replace("text: No}", "text: No, fixed: true} # <- bad-options"),
    # kinds
    "yes or no of other numbers": PAGE
    + YES_NO.replace("single_choice", "yes_no")
    .replace("options:", "options: # <- bad-options")
    .replace("code: 1", "code: 3"),
    "too many decimals": PAGE
    + "      - {code: x, kind: decimal, purpose: context, text: X, minimum: 0, maximum: 9, decimals: 4} # <- bad-range\n",
    "earliest that is no date": PAGE
    + "      - {code: x, kind: date, purpose: context, text: X, earliest: 2020-02-30} # <- bad-range\n",
    "dates turned round": PAGE
    + "      - {code: x, kind: month, purpose: context, text: X, earliest: 2020-02, latest: 2019-12} # <- bad-range\n",
    "more ranks than options": PAGE
    + LIKES.replace("multiple_choice", "ranking\n        maximum: 4 # <- bad-range").replace(
        ", exclusive: true", ""
    ),
    "email for the framework": PAGE
    + "      - {code: x, kind: email, purpose: equality, text: X, source: {text: Own, licence: CC0}} # <- missing-purpose\n",
    "information that must be answered": PAGE
    + "      - {code: x, kind: information, text: X, required: true} # <- unknown-key\n",
    "agreement without a version": PAGE
    + "      - {code: x, kind: consent, purpose: consent, text: X, options: [{code: 1, text: Yes}], agreement: {purpose: use}} # <- missing-key\n",
}


@pytest.mark.parametrize("name", LOGIC_FAULTS)
def test_fault_in_the_logic(name, problems_of, marked):
    text = LOGIC_FAULTS[name]
    header = 'format: 1\nid: test-survey\nversion: "1"\ntitle: Test survey\nlanguage: en\nframework: tiny\n'
    found = problems_of(text, header)
    assert {(p.line, p.code.value) for p in found} == marked(header + text), [str(p) for p in found]
    assert all(p.cause.endswith(".") and p.remedy.endswith((".", "?")) for p in found)


def test_every_code_of_a_problem_is_shown_by_a_test_here():
    elsewhere = {
        ProblemCode.NOT_YAML,
        ProblemCode.MISSING_FILE,
        ProblemCode.UNKNOWN_FRAMEWORK,
        ProblemCode.UNKNOWN_QUESTIONNAIRE,  # in a file of indicators: test_bespoke.py
        ProblemCode.MISFILED,
        ProblemCode.UNTRANSLATED,
        ProblemCode.FROZEN,
    }
    table = " ".join([*FAULTS.values(), *FRAMEWORK_FAULTS.values(), *LOGIC_FAULTS.values()])
    assert {code for code in ProblemCode if f"<- {code.value}" not in table} <= elsewhere
