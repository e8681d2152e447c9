"""Types of survey rows, as forms of every age write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

ASKED = {
    "text": "text",
    "string": "text",
    "str": "text",
    "integer": "integer",
    "int": "integer",
    "number": "integer",
    "decimal": "decimal",
    "percentage": "percentage",
    "range": "range",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "note": "note",
    "acknowledge": "acknowledge",
    "trigger": "acknowledge",
    "phone number": "phone",
    "calculate": "calculate",
    "calculation": "calculate",
}
RECORDED = frozenset(
    [
        "start",
        "end",
        "today",
        "deviceid",
        "simserial",
        "subscriberid",
        "phonenumber",
        "username",
        "email",
        "uri:deviceid",
        "uri:simserial",
        "uri:subscriberid",
        "uri:phonenumber",
        "uri:username",
        "uri:email",
        "audit",
        "start-geopoint",
        "caseid",
        "imei",
        "instanceid",
        "start time",
        "end time",
        "get today",
        "get start time",
        "get end time",
        "device id",
        "get device id",
        "get phone number",
        "subscriber id",
        "get subscriber id",
        "sim id",
        "get sim id",
        "background-audio",
        "background-geopoint",
    ]
)
CAPTURED = frozenset(
    [
        "image",
        "photo",
        "picture",
        "audio",
        "video",
        "file",
        "barcode",
        "geopoint",
        "geotrace",
        "geoshape",
        "gps",
        "location",
        "osm",
        "signature",
        "draw",
        "annotate",
        "child",
    ]
)
HIDDEN = frozenset({"hidden", "xml-external", "csv-external", "include", "setvalue"})
SELECT = re.compile(
    r"((?:add )?select[ _]one(?:[ _]external|[ _]from[ _]file| from| prompt using)?|select1|"
    r"(?:add )?select[ _]multiple(?:[ _]from[ _]file| from| prompt using)?|"
    r"select all that apply(?: from)?|rank)\s+(.+)"
)
OTHER = re.compile(r"\s+(or specify other|or[ _]other)$")
PROMPT = re.compile(r"(?:add|q)\s+(.+?)(?:\s+prompt)?")
STRUCTURE = re.compile(
    r"(begin|end)[\s_]*(group|repeat|loop|lgroup|looped[\s_]group)\b(?:\s*over\s+(\S+))?.*"
)


@dataclass(frozen=True, slots=True)
class Type:
    """What a row is: `what` is one of asked, select, begin, end, recorded, captured, hidden, unknown."""

    what: str
    kind: str = ""  # of asked rows a value of ASKED; of selects one, many or rank; of structure its block
    choices: str = ""  # the list of choices
    other: bool = False  # with an "other" choice to be put in words
    elsewhere: bool = False  # its choices are in another sheet or file


def of(written: str) -> Type:
    """The type in a cell."""
    low = " ".join(written.lower().split())
    structure = STRUCTURE.fullmatch(low)
    if structure:
        block = structure[2]
        kind = block if block in ("group", "loop") else "repeat"
        over = written.split()[-1] if structure[3] else ""
        return Type(structure[1], kind, over)
    chosen = SELECT.fullmatch(low)
    if chosen:
        verb, rest = chosen[1].replace("_", " "), OTHER.sub("", chosen[2])
        kind = "rank" if verb == "rank" else "many" if "mult" in verb or "all" in verb else "one"
        first = rest.split()[0]
        found = next((word for word in reversed(written.split()) if word.lower() == first), first)
        return Type("select", kind, found, rest != chosen[2], "external" in verb or "file" in verb)
    prompt = PROMPT.fullmatch(low)
    name = prompt[1] if prompt else low
    spaced = name.replace("_", " ")
    for what, names in (("recorded", RECORDED), ("captured", CAPTURED), ("hidden", HIDDEN)):
        if name in names or spaced.split()[:1] == ["include"]:
            return Type("hidden" if spaced.startswith("include") else what, name)
    if name.split()[:1] == ["osm"]:
        return Type("captured", "osm")
    if spaced in ASKED or name in ASKED:
        return Type("asked", ASKED.get(name) or ASKED[spaced])
    return Type("unknown", name)
