#!/usr/bin/env python3
"""Do models that coppice trains load into the real XGBoost, and predict the same there?

    python3 check_objectives.py COPPICE GOLDEN_DIR

For each golden case that has its parameters (GOLDEN_DIR/NAME.case.json): `coppice train` makes a
model of its rows, in JSON and in UBJSON, which XGBoost loads and predicts with; and `coppice export`
writes the case's own model of XGBoost again, which XGBoost loads and compares with what it said then.

Ends with 1 if a margin differs by 1e-5 or more. Needs the Python packages xgboost and numpy.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import check_model


def write_rows(case, path):
    columns = {f"column {i}": column for i, column in enumerate(case["columns"])}
    columns["label"] = case["label"]
    for name in ["weight", "group", "upper"]:
        if case[name]:
            columns[name] = case[name]
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in zip(*columns.values()):
            writer.writerow(["" if value is None else value for value in row])
    return columns


def spec_of(name, case, columns):
    data = {"train": "rows.csv"}
    if "upper" in columns:
        data |= {"label_lower_bound": "label", "label_upper_bound": "upper"}
    else:
        data["label"] = "label"
    data |= {role: role for role in ["weight", "group"] if role in columns}
    train = {key: value for key, value in case["params"].items() if key != "nthread"}
    return {"coppice": 1, "name": name, "data": data, "split": {"kind": "files"},
            "train": train | {"num_round": case["rounds"]}}


def check_case(coppice, golden, name, folder):
    case = json.loads((golden / f"{name}.case.json").read_text())
    if "params" not in case:
        return True
    columns = write_rows(case, folder / "rows.csv")
    (folder / "spec.json").write_text(json.dumps(spec_of(name, case, columns)))
    table = np.array(case["columns"], dtype=np.float32).T

    def run(*arguments):
        subprocess.run([coppice, *arguments], cwd=folder, check=True, capture_output=True)

    good = True
    for ending in ["json", "ubj"]:
        model = folder / f"{name}.{ending}"
        run("train", "spec.json", "--set", f"name={name}-{ending}", "-o", model.name)
        run("predict", model.name, "rows.csv", "--kind", "margin", "-o", "margins.csv")
        good &= check_model.check(str(model), table, check_model.csv_table(folder / "margins.csv"))
        again = folder / f"{name}.again.{ending}"
        run("export", str(golden / f"{name}.model.{ending}"), "--what", "model", "-o", again.name)
        good &= check_model.check(str(again), *check_model.golden_case(golden, again))
    return good


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    coppice = str(pathlib.Path(arguments[0]).resolve())
    golden = pathlib.Path(arguments[1]).resolve()
    good = True
    for path in sorted(golden.glob("*.case.json")):
        with tempfile.TemporaryDirectory() as folder:
            good &= check_case(coppice, golden, path.name.split(".")[0], pathlib.Path(folder))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
