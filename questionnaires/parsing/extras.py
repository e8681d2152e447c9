"""What an item may carry besides its question: checks, media, an agreement, how it is computed."""

from __future__ import annotations

from questionnaires.model import Agreement, Case, Check, Compute, ComputeMethod, Media, MediaKind
from questionnaires.parsing.condition import condition
from questionnaires.parsing.fields import Fields, Places
from questionnaires.problems import ProblemCode


def checks(parent: Fields, places: Places) -> tuple[Check, ...]:
    """The checks on an answer, in the order written."""
    found = []
    for fields in parent.each("checks", "text"):
        if not fields.readable:
            continue
        when = condition(fields, "when", places)
        text, hard = fields.text("text", required=True), fields.flag("hard")
        if not fields.has("when"):
            fields.fault(
                ProblemCode.BAD_CHECK,
                "when",
                "Nothing says when the answer is queried.",
                "Add 'when: {item: ..., more-than: ...}'.",
            )
        fields.close()
        if when is not None:
            check = Check(when=when, text=text, hard=hard)
            places.note(check, fields)
            found.append(check)
    return tuple(found)


def media(parent: Fields, places: Places) -> tuple[Media, ...]:
    """The files beside a question, in the order written."""
    found = []
    for fields in parent.each("media", "file"):
        if fields.readable:
            one = Media(
                kind=fields.choice("kind", MediaKind, default=MediaKind.IMAGE, required=True),
                file=fields.text("file", required=True),
                alt=fields.text("alt", required=True),
            )
            fields.close()
            places.note(one, fields)
            found.append(one)
    return tuple(found)


def agreement(parent: Fields) -> Agreement | None:
    """What a consent agrees to."""
    fields = parent.mapping("agreement")
    if fields is None or not fields.readable:
        return None
    found = Agreement(
        purpose=fields.text("purpose", required=True), version=fields.text("version", required=True)
    )
    fields.close()
    return found


def compute(parent: Fields, places: Places) -> Compute | None:
    """How a computed item gets its value: one method, named by its key."""
    fields = parent.mapping("compute")
    if fields is None or not fields.readable:
        return None
    methods = [method for method in ComputeMethod if fields.has(method.value)]
    if len(methods) != 1:
        for method in methods:
            fields.node(method.value)
        fields.fault(
            ProblemCode.BAD_COMPUTE,
            "compute",
            f"A computed item needs exactly one of {', '.join(ComputeMethod)}.",
            "Write {sum: [first_item, second_item]}, for example.",
        )
        return None
    method = methods[0]
    if method is ComputeMethod.CASES:
        found = Compute(method=method, cases=_cases(fields, places), otherwise=fields.integer("otherwise"))
    else:
        codes = fields.integers("codes") if method is ComputeMethod.COUNT else ()
        found = Compute(method=method, items=fields.texts(method.value), codes=codes)
    fields.close()
    places.note(found, fields)
    return found


def _cases(parent: Fields, places: Places) -> tuple[Case, ...]:
    found = []
    for fields in parent.each("cases"):
        when, value = condition(fields, "when", places), fields.integer("value", required=True)
        if fields.readable and not fields.has("when"):
            fields.fault(
                ProblemCode.MISSING_KEY,
                "when",
                "The case has no condition.",
                "Add 'when: ...', or use otherwise.",
            )
        fields.close()
        if when is not None and value is not None:
            case = Case(when=when, value=value)
            places.note(case, fields)
            found.append(case)
    return tuple(found)
