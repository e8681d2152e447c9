"""Writes the seeded inputs of this folder; milk.csv is published data and is not made here (README.md)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def areas(seed: int, m: int, *, a: float, d: tuple[float, float], covariates: int) -> pd.DataFrame:
    """m areas; true values of variance a about a line; sampling variances even on a log scale within d."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(m, covariates))
    variance = np.exp(draw.uniform(np.log(d[0]), np.log(d[1]), m))
    theta = 7 + x @ np.linspace(0.5, -0.3, covariates) + np.sqrt(a) * draw.normal(size=m)
    y = theta + np.sqrt(variance) * draw.normal(size=m)
    frame = pd.DataFrame({"area": [f"a{i + 1}" for i in range(m)], "y": y, "d": variance})
    return frame.assign(**{f"x{j + 1}": x[:, j] for j in range(covariates)}).round(6)


def main() -> None:
    cases = {
        "wide": areas(1, 60, a=0.2, d=(0.005, 2.0), covariates=2),
        "few": areas(2, 8, a=0.3, d=(0.05, 0.4), covariates=1),
        "flat": areas(5, 25, a=0.0, d=(0.05, 0.5), covariates=1),
    }
    for name, frame in cases.items():
        frame.to_csv(HERE / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
