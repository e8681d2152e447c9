"""Rows that ask something, as items of a questionnaire."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from questionnaires.kinds import KINDS
from questionnaires.kinds.decimal import MOST_DECIMALS
from questionnaires.kinds.integer import HIGHEST
from questionnaires.kinds.scale import LONGEST as LONGEST_SCALE
from questionnaires.kinds.text import LONGEST as LONGEST_TEXT
from questionnaires.xlsform import choices, constraints
from questionnaires.xlsform.conditions import Target
from questionnaires.xlsform.expressions import Call, Ref, Tree, UnsaidError
from questionnaires.xlsform.form import Form
from questionnaires.xlsform.texts import humanised
from questionnaires.xlsform.types import Type
from questionnaires.xlsform.workbook import Row

Plain = dict[str, Any]
MANY_OPTIONS = 20  # more are a list to look through, not buttons
DROPPED = {
    "default": "A question has no answer filled in beforehand.",
    "read_only": "Every question can be answered.",
    "required_message": "The platform words this itself.",
}
YES = frozenset({"yes", "true", "true()", "1", "y"})
NOT = frozenset({"no", "false", "false()", "0", "n"})
LISTED = frozenset({"minimal", "autocomplete", "autocomplete_chars", "search", "compact", "quick"})
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".svg")
SOUNDS = (".mp3", ".m4a", ".ogg")
FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


def item(
    form: Form, row: Row, type: Type, code: str, kept: list[Row] | None = None
) -> tuple[Plain, Target] | None:
    """The item a row makes and what conditions may read of it; None, with a note, when it makes none.

    `kept` are the choices to offer, where not all of its list.
    """
    if type.what == "asked":
        made: tuple[Plain, Target] | None = MAKERS[type.kind](form, row, type, code)
    else:
        made = choose(form, row, type, code, form.lists[type.choices].rows if kept is None else kept)
    if made is None:
        return None
    found, target = made
    found = {"code": code, "kind": target.kind, "text": _text(form, row, code), **found}
    if row.name and row.name != code:
        found["name"] = row.name
    if target.kind != "information":
        found["purpose"] = "consent" if target.kind == "consent" else "context"
    if row.texts.get("label") and (hint := form.words(row, "hint", f"{code}.hint")):
        found["hint"] = hint
    if help := form.words(row, "guidance_hint", f"{code}.help"):
        found["help"] = help
    _media(form, row, found)
    _constrain(form, row, found, target)
    if target.kind != "information":
        _require(form, row, found)
    for column, reason in DROPPED.items():
        if row.get(column) or column in row.texts:
            form.report.changed(row.at, column, f"'{column}' is left out. {reason}")
    low, high = found.get("minimum"), found.get("maximum")
    if target.kind in ("integer", "decimal"):
        scale = 10**target.decimals
        target = Target(
            target.code,
            target.kind,
            decimals=target.decimals,
            low=(low or 0) * scale,
            high=high and high * scale,
        )
    return found, target


def _text(form: Form, row: Row, code: str) -> str:
    text = form.words(row, "label", f"{code}.text")
    if not text and row.texts.get("hint"):
        text = form.words(row, "hint", f"{code}.text")
        form.report.changed(row.at, "label", "There is no label; the hint is used as the question.")
    if not text:
        text = humanised(row.name or code)
        form.report.changed(row.at, "label", "There is no label; the name is used.", "Write the question.")
    return text


def _plain_kind(kind: str, note: str = "") -> Callable[[Form, Row, Type, str], tuple[Plain, Target]]:
    def make(form: Form, row: Row, type: Type, code: str) -> tuple[Plain, Target]:
        if note:
            form.report.changed(row.at, "type", note)
        return {}, Target(code, kind)

    return make


def _words(form: Form, row: Row, type: Type, code: str) -> tuple[Plain, Target]:
    appearance = row.get("appearance").lower()
    if "multiline" in appearance or row.get("rows"):
        return {}, Target(code, "long_text")
    return {}, Target(code, "short_text")


def _integer(form: Form, row: Row, type: Type, code: str) -> tuple[Plain, Target]:
    return {"minimum": 0, "maximum": HIGHEST}, Target(code, "integer", low=0, high=HIGHEST)


def _percentage(form: Form, row: Row, type: Type, code: str) -> tuple[Plain, Target]:
    return {"minimum": 0, "maximum": 100, "unit": "%"}, Target(code, "integer", low=0, high=100)


def _decimal(form: Form, row: Row, type: Type, code: str) -> tuple[Plain, Target]:
    decimals = min(2, MOST_DECIMALS)
    keys = {"minimum": 0, "maximum": HIGHEST, "decimals": decimals}
    return keys, Target(code, "decimal", decimals=decimals)


def _range(form: Form, row: Row, type: Type, code: str) -> tuple[Plain, Target]:
    """A run of whole numbers is a scale where it can be shown as one, and else a number."""
    given = dict(re.findall(r"(\w+)\s*=\s*(-?[\d.]+)", row.get("parameters").lower()))
    try:
        start, end, step = (
            float(given.get(key, usual)) for key, usual in (("start", 0), ("end", 10), ("step", 1))
        )
    except ValueError:
        start, end, step = 0.0, 10.0, 1.0
        form.report.changed(row.at, "parameters", "The parameters cannot be read; 0 to 10 is asked.")
    whole = start == int(start) and end == int(end) and step == 1
    if whole and 0 <= start < end < start + LONGEST_SCALE:
        low, high = int(start), int(end)
        scale = {"low": low, "high": high, "low_label": str(low), "high_label": str(high)}
        return {"scale": scale}, Target(code, "scale", low=low, high=high)
    form.report.changed(
        row.at, "parameters", "It is asked as a number: the range cannot be shown as a scale."
    )
    keys = {"minimum": max(0, math.floor(start)), "maximum": max(1, math.ceil(end))}
    if start == int(start) and step == int(step):
        return keys, Target(code, "integer", low=keys["minimum"], high=keys["maximum"])
    return {**keys, "decimals": 2}, Target(code, "decimal", decimals=2)


def _acknowledge(form: Form, row: Row, type: Type, code: str) -> tuple[Plain, Target]:
    form.report.changed(row.at, "type", "The button to acknowledge becomes a box to tick.")
    return {"options": [{"code": 1, "text": "OK", "name": "OK"}]}, Target(code, "consent", {"OK": 1})


MAKERS: Mapping[str, Callable[[Form, Row, Type, str], tuple[Plain, Target]]] = {
    "text": _words,
    "integer": _integer,
    "decimal": _decimal,
    "percentage": _percentage,
    "range": _range,
    "date": _plain_kind("date"),
    "datetime": _plain_kind("date", "The day is asked; the time of day is left out."),
    "time": _plain_kind("short_text", "The time is asked as words, like 09:30."),
    "note": _plain_kind("information"),
    "phone": _plain_kind("phone", "A phone number is kept apart from the answers."),
    "acknowledge": _acknowledge,
}


def choose(form: Form, row: Row, type: Type, code: str, rows: list[Row]) -> tuple[Plain, Target] | None:
    """Options out of some rows of a list, and the kind that asks them."""
    found = choices.options(rows, form.spoken, form.report, form.plain)
    if type.other:
        number = max(found.codes.values(), default=0) + 1
        found.options.append({"code": number, "text": "Other", "name": "other", "say_what": True})
        found.codes["other"] = number
    if len(found.options) < 2:
        form.report.left_out(
            row.at, "type", f"The list '{type.choices}' has fewer than two choices.", "Add choices to it."
        )
        return None
    kind = _kind_of_choice(row, type, found)
    for number, written in found.texts.items():
        for language, text in written.items():
            form.translations.setdefault(language, {})[f"{code}.options.{number}"] = text
    usual = [{"code": option.code, "text": option.text} for option in KINDS[kind].options]
    keys: Plain = {} if found.options == usual else {"options": found.options}
    if "randomize=true" in row.get("parameters").replace(" ", "").lower() and kind not in (
        "place",
        "likert",
        "yes_no",
    ):
        keys["order"] = "random"
    return keys, Target(code, kind, found.codes)


def _kind_of_choice(row: Row, type: Type, found: choices.Options) -> str:
    if type.kind != "one":
        return "ranking" if type.kind == "rank" else "multiple_choice"
    looks = row.get("appearance").lower()
    codes = [option["code"] for option in found.options]
    if found.yes_no and not type.other:
        return "yes_no"
    if "likert" in looks and codes == sorted(codes) and not type.other and len(codes) > 2:
        return "likert"
    if set(re.findall(r"[\w]+", looks)) & LISTED or len(found.options) > MANY_OPTIONS:
        return "place"
    return "single_choice"


def _media(form: Form, row: Row, found: Plain) -> None:
    for column, kind, endings in (
        ("image", "image", PICTURES),
        ("audio", "audio", SOUNDS),
        ("video", "bsl", ()),
    ):
        files = row.texts.get(column, {})
        if not files:
            continue
        file = files.get("") or next(iter(files.values()))
        if (
            file in form.media
            and file.lower().endswith(endings or ("",))
            and FILE.fullmatch(file)
            and endings
        ):
            found.setdefault("media", []).append({"kind": kind, "file": file, "alt": found["text"]})
            form.report.changed(
                row.at, column, "The question's words stand in for those who cannot see or hear the file."
            )
        else:
            cause = (
                "films are only shown in sign language"
                if kind == "bsl"
                else "it does not lie beside the form"
            )
            form.report.changed(
                row.at, column, f"'{file}' is left out: {cause}.", "Add it under 'media' yourself."
            )


def _require(form: Form, row: Row, found: Plain) -> None:
    written = row.get("required").strip()
    if written.lower() in YES:
        found["required"] = True
    elif written and written.lower() not in NOT:
        form.report.changed(row.at, "required", "Whether it must be answered cannot depend on other answers.")


def _constrain(form: Form, row: Row, found: Plain, target: Target) -> None:
    if not row.get("constraint"):
        if "constraint_message" in row.texts:
            form.report.changed(row.at, "constraint_message", "There is no constraint that it could explain.")
        return
    tree = form.tree(row, "constraint")
    if tree is None:
        return
    if _is_email(tree):
        found["kind"] = "email"
        form.report.changed(
            row.at, "constraint", "It asks for an email address, kept apart from the answers."
        )
        return
    parts = constraints.taken_apart(tree, target.kind)
    _bound(form, row, found, parts.keys)
    for name in parts.alone:
        for option in found["options"]:
            if target.options.get(name) == option["code"]:
                option["exclusive"] = True
    message = form.words(row, "constraint_message", f"{target.code}.checks.1" if parts.rest else "")
    if parts.rest:
        _check(form, row, found, _bounded(target, found), parts.rest, message)
    elif message:
        form.report.changed(row.at, "constraint_message", "The platform words this itself, with the bounds.")


def _check(form: Form, row: Row, found: Plain, target: Target, rest: list[Tree], message: str) -> None:
    try:
        check = constraints.check(rest, form.scope(target), message)
    except UnsaidError as unsaid:
        form.lost(row, "constraint", str(unsaid))
    else:
        if check is not None:
            found["checks"] = [check]


def _bounded(target: Target, found: Plain) -> Target:
    """The target within the bounds just read, as stored."""
    scale = 10**target.decimals
    high = found.get("maximum")
    numeric = target.kind in ("integer", "decimal")
    return Target(
        target.code,
        target.kind,
        target.options,
        target.decimals,
        found.get("minimum", 0) * scale if numeric else target.low,
        high * scale if numeric and high is not None else target.high,
    )


def _bound(form: Form, row: Row, found: Plain, keys: Plain) -> None:
    """Bounds within what can be asked for at all."""
    for key, value in keys.items():
        if key in ("minimum", "maximum"):
            least, most = (
                (1, LONGEST_TEXT) if found["kind"].endswith("text") else (0, found.get("maximum", HIGHEST))
            )
            if found["kind"] in ("integer", "decimal"):
                most = HIGHEST
            kept = min(max(value, least), most)
            if kept != value:
                form.report.changed(row.at, "constraint", f"{value} cannot be a {key} here; it is {kept}.")
            found[key] = kept
        else:
            found[key] = value
    low, high = found.get("minimum"), found.get("maximum")
    if low is not None and high is not None and low >= high and found["kind"] in ("integer", "decimal"):
        found["maximum"] = low + 1
        form.report.changed(
            row.at, "constraint", f"Nothing lies between {low} and {high}.", "Write other bounds."
        )


def _is_email(tree: Tree) -> bool:
    return (
        isinstance(tree, Call)
        and tree.function == "regex"
        and len(tree.arguments) == 2
        and isinstance(tree.arguments[0], Ref)
        and "@" in str(getattr(tree.arguments[1], "value", ""))
    )
