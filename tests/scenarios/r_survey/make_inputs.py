"""Writes the input files of the data sets. Synthetic, seeded: run again, it writes the same files.

python tests/scenarios/r_survey/make_inputs.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
AGES = ["16-24", "25-44", "45-64", "65+"]
POPULATION_AGE_SEX = {
    "16-24:F": 16200,
    "16-24:M": 17100,
    "25-44:F": 41800,
    "25-44:M": 40300,
    "45-64:F": 43500,
    "45-64:M": 42000,
    "65+:F": 34600,
    "65+:M": 29500,
}
TENURE = {"owned": 171000, "private rent": 52000, "social rent": 42000}
ETHNIC = {"white": 232000, "asian": 17500, "black": 9800, "mixed": 5700}


def _some_missing(values: np.ndarray, chance: np.ndarray | float, rng: np.random.Generator) -> np.ndarray:
    return np.where(rng.random(len(values)) < chance, "", values.astype(str))


def _scale(mean: np.ndarray, spread: float, top: int, rng: np.random.Generator) -> np.ndarray:
    return np.clip(np.rint(rng.normal(mean, spread)), 0, top).astype(int)


def ordinary() -> pd.DataFrame:
    """1,200 people in 12 areas; everything answered; older people over-represented a little."""
    rng = np.random.default_rng(20260101)
    n = 1200
    age = rng.choice(AGES, n, p=[0.09, 0.25, 0.34, 0.32])
    area = rng.choice([f"N{i:02d}" for i in range(1, 13)], n)
    older = np.array([AGES.index(a) for a in age])
    return pd.DataFrame(
        {
            "rid": [f"r{i:05d}" for i in range(1, n + 1)],
            "area": area,
            "age": age,
            "sex": rng.choice(["F", "M"], n, p=[0.58, 0.42]),
            "tenure": rng.choice(list(TENURE), n, p=[0.72, 0.15, 0.13]),
            "life_sat": _scale(6.9 + 0.25 * older, 1.8, 10, rng),
            "belong": _scale(2.9 + 0.3 * older, 1.1, 4, rng) + 1,
        }
    )


def skewed() -> pd.DataFrame:
    """2,000 people, two thirds over 65, few renters; margins left out, and items more so by the young."""
    rng = np.random.default_rng(20260202)
    n = 2000
    share = np.linspace(1, 8, 20)
    older = rng.choice(4, n, p=[0.03, 0.09, 0.22, 0.66])
    area = rng.choice([f"S{i:02d}" for i in range(1, 21)], n, p=share / share.sum())
    item_missing = np.array([0.25, 0.15, 0.08, 0.04])[older]
    return pd.DataFrame(
        {
            "rid": [f"r{i:05d}" for i in range(1, n + 1)],
            "area": area,
            "age": _some_missing(np.array(AGES)[older], 0.03, rng),
            "sex": _some_missing(rng.choice(["F", "M"], n, p=[0.66, 0.34]), 0.02, rng),
            "tenure": _some_missing(rng.choice(list(TENURE), n, p=[0.88, 0.07, 0.05]), 0.06, rng),
            "eth": _some_missing(rng.choice(list(ETHNIC), n, p=[0.955, 0.02, 0.015, 0.01]), 0.08, rng),
            "life_sat": _some_missing(_scale(5.5 + 0.7 * older, 2.2, 10, rng), item_missing, rng),
            "belong": _some_missing(_scale(1.2 + 0.7 * older, 1.2, 4, rng) + 1, item_missing * 1.5, rng),
            "lonely": _some_missing(_scale(2.4 - 0.5 * older, 1.0, 3, rng) + 1, 0.3, rng),
        }
    )


def awkward() -> pd.DataFrame:
    """Two waves; nobody young owns; areas of 1 and 2 people, of all yes, all no, no answers, or not known."""
    rng = np.random.default_rng(20260303)
    n = 700
    older = rng.choice(4, n, p=[0.08, 0.22, 0.34, 0.36])
    tenure = np.where(
        older == 0, rng.choice(list(TENURE)[1:], n), rng.choice(list(TENURE), n, p=[0.7, 0.18, 0.12])
    )
    area = rng.choice(
        ["A1", "A2", "A3", "A4", "YES", "NO", "SILENT", ""],
        n,
        p=[0.3, 0.25, 0.2, 0.09, 0.05, 0.05, 0.03, 0.03],
    )
    area[0], area[1], area[2] = "ONE", "TWO", "TWO"
    yes = np.where(area == "YES", 1, np.where(area == "NO", 0, (rng.random(n) < 0.35).astype(int)))
    score = np.round(rng.normal(24, 4, n).clip(7, 35), 2)
    silent = area == "SILENT"
    yes = np.where(silent, "", _some_missing(yes, 0.05, rng))
    score = np.where(silent, "", _some_missing(score, 0.1, rng))
    yes[:3], score[:3] = ["1", "1", "0"], ["21.33", "19.5", "30.0"]
    return pd.DataFrame(
        {
            "rid": [f"r{i:05d}" for i in range(1, n + 1)],
            "place": area,
            "wave": rng.choice(["2025", "2026"], n, p=[0.4, 0.6]),
            "age": np.array(AGES)[older],
            "sex": _some_missing(rng.choice(["F", "M"], n), 0.04, rng),
            "tenure": tenure,
            "yes": yes,
            "score": score,
        }
    )


def clustered() -> pd.DataFrame:
    """Doorsteps in 60 streets, and people who came by themselves; chances differ; one area has one street."""
    rng = np.random.default_rng(20260404)
    n = 640
    street = rng.integers(0, 60, n)
    area = np.array([f"C{i % 7 + 1}" for i in range(60)])[street]
    area[street == 59] = "C8"
    alone = rng.random(n) < 0.15
    alone &= street != 59
    household = rng.choice([1, 2, 3, 4], n, p=[0.3, 0.4, 0.2, 0.1])
    older = rng.choice(4, n, p=[0.1, 0.25, 0.35, 0.3])
    mood = rng.normal(0, 1, 60)[street]
    life_sat = _scale(6.2 + 0.3 * older + mood, 1.7, 10, rng)
    belong = _scale(2.2 + 0.3 * older + 0.5 * mood, 1.0, 4, rng) + 1
    belong[area == "C7"] = 5
    return pd.DataFrame(
        {
            "rid": [f"r{i:05d}" for i in range(1, n + 1)],
            "area": area,
            "street": np.where(alone, "", np.array([f"street {i}" for i in range(60)])[street]),
            "design": np.round(household * np.where(np.isin(area, ["C1", "C2"]), 1.0, 2.45), 2),
            "age": _some_missing(np.array(AGES)[older], 0.03, rng),
            "sex": rng.choice(["F", "M"], n, p=[0.6, 0.4]),
            "tenure": _some_missing(rng.choice(list(TENURE), n, p=[0.65, 0.2, 0.15]), 0.05, rng),
            "life_sat": _some_missing(life_sat, 0.06, rng),
            "belong": _some_missing(belong, 0.04, rng),
        }
    )


MARGINS = {
    "ordinary": {"age:sex": POPULATION_AGE_SEX, "tenure": TENURE},
    "skewed": {"age:sex": POPULATION_AGE_SEX, "tenure": TENURE, "eth": ETHNIC},
    "awkward": {"age:sex": POPULATION_AGE_SEX, "tenure": TENURE},
    "clustered": {"age:sex": POPULATION_AGE_SEX, "tenure": TENURE},
}
AGE_SEX_TENURE = '{"age:sex": [age, sex], tenure: [tenure]}'
SKEWED_MARGINS = '{"age:sex": [age, sex], tenure: [tenure], eth: [eth]}'
ONS4 = "{low: 0, medium: 5, high: 7, very_high: 9}"
CONFIGS = {
    "ordinary/config.yaml": """\
id: rid
area: area
margins: {"age:sex": [age, sex], tenure: [tenure]}
items:
  life_sat: {statistic: mean}
  belong45: {item: belong, statistic: proportion, codes: [4, 5]}
groups: {sex: [sex], "age:sex": [age, sex]}
""",
    "skewed/config.yaml": """\
id: rid
area: area
margins: {"age:sex": [age, sex], tenure: [tenure], eth: [eth]}
items:
  life_sat: {statistic: mean}
  belong45: {item: belong, statistic: proportion, codes: [4, 5]}
  lonely34: {item: lonely, statistic: proportion, codes: [3, 4]}
groups: {age: [age], "sex:tenure": [sex, tenure]}
""",
    "awkward/config_pooled.yaml": """\
id: rid
area: place
wave: wave
margins: {"age:sex": [age, sex], tenure: [tenure]}
weight_pooled_waves: true
items:
  score: {statistic: mean}
  yes: {statistic: proportion, codes: [1]}
groups: {sex: [sex], "age:tenure": [age, tenure]}
""",
    "awkward/config_by_wave.yaml": """\
id: rid
area: place
wave: wave
margins: {"age:sex": [age, sex], tenure: [tenure]}
weight_pooled_waves: false
items:
  score: {statistic: mean}
  yes: {statistic: proportion, codes: [1]}
groups: {sex: [sex]}
changes: true
""",
    "ordinary/config_statistics.yaml": f"""\
id: rid
area: area
margins: {AGE_SEX_TENURE}
items:
  life_sat: {{statistic: bands, bands: {ONS4}}}
  middle: {{item: life_sat, statistic: median}}
  strongly: {{item: belong, statistic: top_box, codes: [5]}}
  net: {{item: belong, statistic: net, positive: [4, 5], negative: [1, 2]}}
groups: {{sex: [sex]}}
""",
    "skewed/config_statistics.yaml": f"""\
id: rid
area: area
margins: {SKEWED_MARGINS}
items:
  life_sat: {{statistic: bands, bands: {ONS4}}}
  middle: {{item: life_sat, statistic: median}}
  strongly: {{item: belong, statistic: top_box, codes: [5]}}
  net: {{item: lonely, statistic: net, positive: [3, 4], negative: [1]}}
groups: {{"age:sex": [age, sex]}}
""",
    "awkward/config_statistics.yaml": f"""\
id: rid
area: place
wave: wave
margins: {AGE_SEX_TENURE}
weight_pooled_waves: false
items:
  score: {{statistic: bands, bands: {{few: 0, some: 20, many: 25.5}}}}
  middle: {{item: score, statistic: median}}
  net: {{item: "yes", statistic: net, positive: [1], negative: [0]}}
changes: true
""",
    "skewed/config_capped.yaml": f"""\
id: rid
area: area
margins: {SKEWED_MARGINS}
cap: 9
items:
  life_sat: {{statistic: mean}}
""",
    "ordinary/config_jackknife.yaml": f"""\
id: rid
area: area
margins: {AGE_SEX_TENURE}
replicates: {{jackknife: 40}}
items:
  life_sat: {{statistic: mean}}
  middle: {{item: life_sat, statistic: median}}
  belong45: {{item: belong, statistic: proportion, codes: [4, 5]}}
groups: {{sex: [sex]}}
""",
    "clustered/config.yaml": f"""\
id: rid
area: area
margins: {AGE_SEX_TENURE}
design_weight: design
cluster: street
replicates: jackknife
items:
  life_sat: {{statistic: mean}}
  middle: {{item: life_sat, statistic: median}}
  belong45: {{item: belong, statistic: proportion, codes: [4, 5]}}
  net: {{item: belong, statistic: net, positive: [4, 5], negative: [1, 2]}}
groups: {{sex: [sex]}}
""",
    "clustered/config_design.yaml": f"""\
id: rid
area: area
margins: {AGE_SEX_TENURE}
design_weight: design
items:
  life_sat: {{statistic: mean}}
  belong45: {{item: belong, statistic: proportion, codes: [4, 5]}}
groups: {{"age:sex": [age, sex]}}
""",
}


def main() -> None:
    for make in (ordinary, skewed, awkward, clustered):
        folder = HERE / make.__name__
        folder.mkdir(exist_ok=True)
        make().to_csv(folder / "responses.csv", index=False, lineterminator="\n")
        rows = [
            (m, level, count)
            for m, levels in MARGINS[make.__name__].items()
            for level, count in levels.items()
        ]
        margins = pd.DataFrame(rows, columns=["margin", "level", "count"])
        margins.to_csv(folder / "margins.csv", index=False, lineterminator="\n")
    for name, text in CONFIGS.items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
