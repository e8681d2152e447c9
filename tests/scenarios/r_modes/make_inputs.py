"""Writes responses.csv: seeded, with ages not stated and questions left out (README.md)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
SIZES = {"web": 500, "paper": 260, "assisted": 140}
OLD = {"web": 0.3, "paper": 0.6, "assisted": 0.5}
COLD = {"web": 0.3, "paper": 0.42, "assisted": 0.33}
WARDS = ["N1", "N2", "N3", "S1", "S2", "S3"]


def main() -> None:
    draw = np.random.default_rng(25)
    rows = []
    for mode, size in SIZES.items():
        for _ in range(size):
            age = "old" if draw.random() < OLD[mode] else "young"
            life = int(draw.integers(5, 11) if age == "old" else draw.integers(3, 10))
            warm = 2 if draw.random() < COLD[mode] else 1
            rows.append(
                {
                    "area": WARDS[draw.integers(6)],
                    "mode": mode,
                    "age": "" if draw.random() < 0.05 else age,
                    "life": "" if draw.random() < 0.06 else life,
                    "warm": 3 if draw.random() < 0.04 else warm,
                }
            )
    pd.DataFrame(rows).to_csv(HERE / "responses.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
