#!/usr/bin/env python3
"""Do files that coppice writes load into the real XGBoost, and predict the same there?

    python3 check_model.py MODEL DATA.csv MARGINS.csv    # margins as coppice predicts them
    python3 check_model.py --golden DIR MODEL...         # models that coppice wrote from golden cases

DATA.csv has a header and the model's features as numbers (categories as codes), empty where
missing; MARGINS.csv a header and one margin an output. With --golden, the rows and XGBoost's own
margins come from DIR/NAME.case.json, where NAME is the model's file name up to its first dot.

Ends with 1 if a margin differs by 1e-5 or more. Needs the Python packages xgboost and numpy; the
build and the tests need neither.
"""

import json
import pathlib
import sys

import numpy as np
import xgboost

TOLERANCE = 1e-5


def load(path):
    booster = xgboost.Booster()
    booster.load_model(path)
    return booster


def margins_of(booster, table):
    types = booster.feature_types
    data = xgboost.DMatrix(table, feature_names=booster.feature_names, feature_types=types,
                           enable_categorical=types is not None and "c" in types)
    margins = booster.predict(data, output_margin=True)
    return margins.reshape(len(table), -1)


def check(path, table, expected):
    margins = margins_of(load(path), table)
    difference = float(np.max(np.abs(margins - expected.reshape(margins.shape))))
    good = difference < TOLERANCE
    print(f"{'same' if good else 'DIFFERS'}  {difference:.3g}  {path}")
    return good


def golden_case(folder, path):
    name = pathlib.Path(path).name.split(".")[0]
    case = json.loads((pathlib.Path(folder) / f"{name}.case.json").read_text())
    table = np.array(case["columns"], dtype=np.float32).T
    return table, np.array(case["margins"], dtype=np.float32)


def csv_table(path):
    return np.genfromtxt(path, delimiter=",", skip_header=1, dtype=np.float32, ndmin=2)


def main(arguments):
    if len(arguments) > 2 and arguments[0] == "--golden":
        results = [check(path, *golden_case(arguments[1], path)) for path in arguments[2:]]
    elif len(arguments) == 3:
        model, data, margins = arguments
        results = [check(model, csv_table(data), csv_table(margins))]
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
