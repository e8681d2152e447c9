"""python -m tests.conformance FOLDER: what becomes of every XLSForm in a folder, there and back."""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections import Counter
from dataclasses import replace
from pathlib import Path

from questionnaires import loading
from questionnaires.xlsform import exporting, importing, saving
from questionnaires.xlsform.report import Outcome
from questionnaires.xlsform.workbook import SUFFIXES


def trial(path: Path) -> tuple[str, str]:
    """What came of a form, and the counts of its rows or why not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = importing.read(path)
        made = saving.save(found, folder)
        if made is None:
            return "refused", str(found.report.refused[0])
        first = loading.load(made)
        form = folder / "again.xlsx"
        exporting.save(first, form, folder / "translations")
        from pyxform.xls2xform import convert

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            convert(form)
        again = importing.read(form)
        second = saving.save(again, folder / "again")
        if second is None:
            return "NOT BACK", str(again.report.refused[0])
        same = replace(first, digest="") == replace(loading.load(second), digest="")
        counts = found.report.counts()
        rows = ", ".join(f"{counts[outcome.value]} {outcome.value}" for outcome in list(Outcome)[:3])
        return ("imported" if same and again.translations == found.translations else "DIFFERENT"), rows


def main(folder: Path) -> int:
    counts: Counter[str] = Counter()
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES:
            continue
        try:
            outcome, why = trial(path)
        except Exception as error:
            outcome, why = "TRACEBACK", repr(error)
        counts[outcome] += 1
        print(f"{outcome:10} {path.name:55} {why}")
    print(", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items())))
    return int(bool(set(counts) - {"imported", "refused"}))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
