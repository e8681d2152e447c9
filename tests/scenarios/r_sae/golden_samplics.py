"""Writes golden_samplics.csv: EBLUPs and mean squared errors of samplics. See README.md.

    python tests/scenarios/r_sae/golden_samplics.py tests/scenarios/r_sae

Needs an environment of its own with samplics (pip install samplics==0.6.1). Shares no code with analysis/.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from samplics.sae import EblupAreaModel
from samplics.utils.types import FitMethod

CASES = ["milk", "wide", "few", "flat"]


def rows(case: str, data: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    x = data[[c for c in data.columns if c.startswith("x")]].to_numpy(dtype=float)
    area = data["area"].to_numpy()
    model = EblupAreaModel(method=FitMethod.reml)
    model.fit(
        yhat=data["y"].to_numpy(),
        X=x,
        area=area,
        error_std=np.sqrt(data["d"].to_numpy()),
        intercept=True,
        re_std_start=0.3,
        tol=1e-13,
        maxiter=1000,
    )
    model.predict(X=x, area=area)
    if not model.convergence["achieved"]:
        raise RuntimeError(f"{case}: samplics did not converge")
    found = [("a", "", model.re_std**2)]
    found += [("beta", str(i + 1), b) for i, b in enumerate(model.fixed_effects)]
    found += [("eblup", a, model.area_est[a]) for a in area]
    found += [("mse", a, model.area_mse[a]) for a in area]
    return [(case, what, name, f"{float(value):.15g}") for what, name, value in found]


def main() -> None:
    folder = Path(sys.argv[1])
    found = [
        row for case in CASES for row in rows(case, pd.read_csv(folder / f"{case}.csv", dtype={"area": str}))
    ]
    frame = pd.DataFrame(found, columns=["case", "what", "name", "value"])
    frame.to_csv(folder / "golden_samplics.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
