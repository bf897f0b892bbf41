#!/usr/bin/env python3
"""Makes the training cases of this folder with the real XGBoost. Run once, with XGBoost 3.2.0 and
NumPy; the files are committed, so that the tests need neither.

    python3 make_training.py      # writes NAME.training.json beside itself

A case holds a table (columns, null where missing), label and weight, parameters under which no
random number matters, and what XGBoost learned: the margins of the table's rows after each number
of rounds in `rounds`, the weights of trees (dart) and of features (gblinear).
"""

import json
import pathlib

import numpy as np
import xgboost

from make_golden import floats

FOLDER = pathlib.Path(__file__).parent
N_ROWS = 200


def table_of(rng):
    """Four numeric columns with few values, so that each is a bin; the second has missing ones."""
    table = np.column_stack([
        np.round(rng.normal(size=N_ROWS) * 10) / 8,
        np.round(rng.normal(size=N_ROWS) * 10) / 4 + 1,
        rng.integers(0, 4, N_ROWS),
        np.round(rng.normal(size=N_ROWS) * 20) / 16,
    ]).astype(np.float32)
    table[::6, 1] = np.nan
    return table


def booster_of(model):
    return json.loads(model.save_raw("json"))["learner"]["gradient_booster"]


def write_case(name, params, table, label, weight=None, rounds=(1, 4)):
    data = xgboost.DMatrix(table, label=label, weight=weight)
    margins = []
    for count in rounds:
        model = xgboost.train({"nthread": 1} | params, data, count)
        margins.append(floats(model.predict(data, output_margin=True)))
    learned = booster_of(model)
    linear = params["booster"] == "gblinear"
    case = {
        "xgboost": xgboost.__version__,
        "params": params,
        "columns": [floats(column) for column in table.T],
        "label": floats(label),
        "weight": [] if weight is None else floats(weight),
        "rounds": list(rounds),
        "margins": margins,
        "tree_weights": learned.get("weight_drop", []),
        "linear_weights": learned["model"]["weights"] if linear else [],
    }
    path = FOLDER / f"{name}.training.json"
    path.write_text(json.dumps(case, separators=(",", ":")) + "\n")


def main():
    rng = np.random.default_rng(20251121)
    table = table_of(rng)
    filled = np.nan_to_num(table, nan=0.0)
    target = (2 * filled[:, 0] - filled[:, 1] + 0.5 * filled[:, 2] + 10
              + rng.normal(size=N_ROWS) * 0.3).astype(np.float32)
    positive = (target > np.median(target)).astype(np.float32)
    classes = np.digitize(target, [8, 11]).astype(np.float32)
    counts = rng.poisson(np.exp(0.3 * filled[:, 2])).astype(np.float32)
    weight = rng.uniform(0.2, 3, N_ROWS).astype(np.float32)

    linear = {"booster": "gblinear", "updater": "coord_descent"}
    write_case("linear_cyclic", linear | {"objective": "reg:squarederror"}, table, target)
    write_case("linear_penalties", linear | {"objective": "reg:squarederror", "eta": 0.8,
                                             "lambda": 0.05, "alpha": 0.4}, table, target, weight)
    write_case("linear_greedy", linear | {"objective": "binary:logistic", "lambda": 0.01,
                                          "feature_selector": "greedy", "top_k": 2}, table,
               positive, weight, rounds=(1, 7))
    write_case("linear_thrifty", linear | {"objective": "multi:softprob", "num_class": 3,
                                           "eta": 0.3, "feature_selector": "thrifty"}, table,
               classes)
    write_case("linear_poisson", linear | {"objective": "count:poisson", "eta": 0.4,
                                           "lambda": 0.001}, table, counts)

    dart = {"booster": "dart", "tree_method": "hist", "max_depth": 3, "rate_drop": 1.0}
    write_case("dart_tree", dart | {"objective": "reg:squarederror"}, table, target, rounds=(1, 2, 5))
    write_case("dart_forest", dart | {"objective": "binary:logistic", "normalize_type": "forest",
                                      "eta": 0.2}, table, positive, weight, rounds=(1, 2, 5))
    write_case("dart_classes", dart | {"objective": "multi:softprob", "num_class": 3,
                                       "sample_type": "weighted", "num_parallel_tree": 2}, table,
               classes, rounds=(1, 2))
    write_case("dart_skip", dart | {"objective": "reg:squarederror", "skip_drop": 1.0}, table,
               target, weight, rounds=(1, 5))

    forest = {"booster": "gbtree", "tree_method": "hist", "max_depth": 3}
    write_case("forest_rounds", forest | {"objective": "reg:squarederror", "num_parallel_tree": 4,
                                          "eta": 0.5}, table, target, weight, rounds=(1, 5))
    write_case("forest_classes", forest | {"objective": "multi:softprob", "num_class": 3,
                                           "num_parallel_tree": 3}, table, classes, rounds=(1, 3))


if __name__ == "__main__":
    main()
