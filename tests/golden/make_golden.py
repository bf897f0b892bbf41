#!/usr/bin/env python3
"""Makes the golden cases of this folder with the real XGBoost. Run once, with XGBoost 3.2.0 and
NumPy; the files are committed, so that the tests need neither.

    python3 make_golden.py           # writes NAME.model.json, .model.ubj and .case.json beside itself
    python3 make_golden.py training  # writes NAME.training.json beside itself

A case holds the columns of its rows (null where missing), and what XGBoost predicts for them:
margins (also of rounds 1 and 2 alone), predictions, contributions of the first rows and leaf
numbers, row-major; and the importance of the features.

A training holds columns, label, parameters, and the trees that XGBoost grows of them. Columns have
few values, so that every value is a cut, and labels are drawn by chance, so that no two splits tie.
"""

import json
import pathlib
import sys

import numpy as np
import xgboost

FOLDER = pathlib.Path(__file__).parent
N_ROWS = 120
N_CONTRIBUTION_ROWS = 30


def numbers(rng):
    """Three numeric columns, the first with every fifth value missing, one with few values."""
    table = np.column_stack([
        rng.normal(size=N_ROWS),
        rng.integers(0, 4, N_ROWS),
        rng.normal(size=N_ROWS) * 1000.0,
    ]).astype(np.float32)
    table[::5, 0] = np.nan
    return table


def floats(values):
    """Each float32 by its shortest text, null for a missing one."""
    return [None if np.isnan(v) else float(str(v)) for v in np.asarray(values, np.float32).ravel()]


def write_case(name, params, table, label, weight=None, types=None, rounds=6, group=None,
               upper=None, metrics=None):
    """`group` (ascending ids) and `upper` (bounds above `label`) are columns too. A weight goes with
    each group where there are groups. A case with metrics (maybe none) says how XGBoost judges its
    own model, and can be trained again: it has its parameters."""
    names = [f"column {i}" for i in range(table.shape[1])]
    data = xgboost.DMatrix(table, label=label, feature_names=names,
                           feature_types=types, enable_categorical=types is not None)
    if group is not None:
        data.set_info(qid=group)
    if weight is not None:
        data.set_info(weight=weight[np.unique(group)] if group is not None else weight)
    if upper is not None:
        data.set_info(label_lower_bound=label, label_upper_bound=upper)
    params = {"nthread": 1} | params
    if params.get("booster") != "gblinear":
        params = {"max_depth": 4, "eta": 0.3, "tree_method": "hist"} | params
    judged = [("eval_metric", metric) for metric in metrics or []]
    booster = xgboost.train([*params.items(), *judged], data, rounds)
    booster.set_attr(best_score="0.25", note='with "quotes" and ü')
    booster.save_model(FOLDER / f"{name}.model.json")
    booster.save_model(FOLDER / f"{name}.model.ubj")
    linear = params.get("booster") == "gblinear"
    few = xgboost.DMatrix(table[:N_CONTRIBUTION_ROWS], feature_names=names, feature_types=types,
                          enable_categorical=types is not None)
    kinds = ["weight"] if linear else ["weight", "gain", "total_gain", "cover", "total_cover"]
    case = {
        "xgboost": xgboost.__version__,
        "columns": [floats(column) for column in table.T],
        "label": floats(label),
        "weight": [] if weight is None else floats(weight),
        "margins": floats(booster.predict(data, output_margin=True)),
        "predictions": floats(booster.predict(data)),
        "contributions": floats(booster.predict(few, pred_contribs=True)),
        "importance": {kind: {name: float(np.ravel(value)[0]) for name, value
                              in booster.get_score(importance_type=kind).items()}
                       for kind in kinds},
    }
    if metrics is not None:
        text = booster.eval(data).split()[1:] if metrics else []
        case |= {
            "params": params,
            "rounds": rounds,
            "metrics": {part.split(":")[0].removeprefix("eval-"): float(part.split(":")[1])
                        for part in text},
            "group": [] if group is None else group.tolist(),
            "upper": [] if upper is None else [str(v) for v in np.asarray(upper, np.float32)],
        }
        if group is not None and weight is not None:
            case["weight"] = floats(weight[group])
    if not linear:
        case |= {
            "middle_margins": floats(booster.predict(data, output_margin=True,
                                                     iteration_range=(1, 3))),
            "leaves": booster.predict(data, pred_leaf=True).astype(int).ravel().tolist(),
        }
    (FOLDER / f"{name}.case.json").write_text(json.dumps(case, separators=(",", ":")) + "\n")


def write_training(name, params, table, label, types):
    params = {"objective": "reg:squarederror", "base_score": 0.5} | params
    data = xgboost.DMatrix(table, label=label, feature_types=types, enable_categorical=True)
    booster = xgboost.train({"nthread": 1, "tree_method": "hist"} | params, data, 3)
    model = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]
    trees = [{key: tree[key] for key in ["left_children", "right_children", "split_indices",
                                         "split_conditions", "default_left", "categories"]}
             for tree in model["trees"]]
    case = {"xgboost": xgboost.__version__, "types": types,
            "columns": [floats(column) for column in table.T], "label": floats(label),
            "params": params, "trees": trees}
    (FOLDER / f"{name}.training.json").write_text(json.dumps(case, separators=(",", ":")) + "\n")


def main_training():
    rng = np.random.default_rng(20261121)
    n = 400
    table = np.column_stack([rng.integers(0, 25, n), rng.integers(-9, 9, n) / 4,
                             rng.integers(0, 3, n), rng.integers(0, 12, n),
                             rng.integers(0, 9, n)]).astype(np.float32)
    label = (table[:, 0] / 10 - table[:, 1] + 0.3 * (table[:, 3] % 5)
             + 2 * rng.normal(size=n)).astype(np.float32)
    table[rng.random((n, 5)) < 0.1] = np.nan
    types = ["float", "float", "c", "c", "float"]
    write_training("monotone", {"max_depth": 5, "monotone_constraints": "(1,-1,0,0,1)"}, table,
                   label, types)
    write_training("monotone_limits",
                   {"grow_policy": "lossguide", "max_leaves": 20, "max_depth": 0,
                    "max_delta_step": 0.6, "monotone_constraints": "(-1,1,0,0,-1)"}, table, label,
                   types)
    write_training("interaction",
                   {"max_depth": 5, "interaction_constraints": "[[0,1],[1,3,4]]"}, table, label,
                   types)


def main():
    rng = np.random.default_rng(20240607)
    table = numbers(rng)
    filled = np.nan_to_num(table, nan=1.5)
    target = filled[:, 0] * 3 + filled[:, 1] + np.sin(filled[:, 2] / 300) + 50
    weight = rng.uniform(0.1, 3, N_ROWS).astype(np.float32)

    write_case("regression", {"objective": "reg:squarederror"}, table, target, weight)
    write_case("binary", {"objective": "binary:logistic", "scale_pos_weight": 3}, table,
               (target > 53).astype(np.float32))
    classes = np.digitize(target, [50.5, 53]).astype(np.float32)
    write_case("softprob", {"objective": "multi:softprob", "num_class": 3}, table, classes)
    write_case("softmax", {"objective": "multi:softmax", "num_class": 3}, table, classes, weight)

    codes = rng.integers(0, 12, N_ROWS).astype(np.float32)
    few = rng.integers(0, 3, N_ROWS).astype(np.float32)
    codes[::7] = np.nan
    effect = rng.normal(size=12)[np.nan_to_num(codes, nan=0).astype(int)] + (few == 1)
    mixed = np.column_stack([table[:, 0], codes, few]).astype(np.float32)
    types = ["float", "c", "c"]
    write_case("categorical", {"objective": "reg:squarederror", "max_cat_to_onehot": 4}, mixed,
               effect + 0.1 * filled[:, 0], types=types)

    small = {"max_depth": 3}
    write_case("dart", small | {"booster": "dart", "objective": "binary:logistic",
                                "rate_drop": 0.5, "seed": 3}, table,
               (target > 53).astype(np.float32), rounds=5)
    write_case("forest", small | {"objective": "multi:softprob", "num_class": 3, "subsample": 0.7,
                                  "num_parallel_tree": 3, "colsample_bynode": 0.7}, table, classes,
               rounds=3)
    write_case("linear", {"booster": "gblinear", "objective": "multi:softprob", "num_class": 3,
                          "updater": "coord_descent"}, filled / [1, 1, 1000], classes, rounds=4)
    counts = rng.poisson(np.exp(0.3 * filled[:, 1])).astype(np.float32)
    write_case("poisson", small | {"objective": "count:poisson"}, table, counts, rounds=4)
    write_case("tweedie", small | {"objective": "reg:tweedie", "tweedie_variance_power": 1.3},
               table, counts * 1.7, weight, rounds=4)


def write_later_cases(rng):
    """Objectives that came later, on rows of their own, so that the others keep theirs."""
    table = numbers(rng)
    filled = np.nan_to_num(table, nan=1.5)
    weight = rng.uniform(0.1, 3, N_ROWS).astype(np.float32)
    target = (filled[:, 0] * 3 + filled[:, 1] + rng.normal(size=N_ROWS)).astype(np.float32)
    small = {"max_depth": 3}
    write_case("absolute", small | {"objective": "reg:absoluteerror"}, table, target,
               metrics=["mae", "rmse"], rounds=4)
    write_case("weighted", small | {"objective": "reg:absoluteerror"}, table, target, weight,
               metrics=["mae", "rmse"], rounds=4)
    write_case("quantiles", small | {"objective": "reg:quantileerror",
                                     "quantile_alpha": [0.125, 0.5, 0.75]}, table, target, weight,
               metrics=["quantile"], rounds=4)

    group = np.sort(rng.integers(0, 12, N_ROWS))
    group = np.unique(group, return_inverse=True)[1]
    relevance = np.clip(np.round(target / 2 + rng.normal(size=N_ROWS)), 0, 4).astype(np.float32)
    # XGBoost's ndcg takes a list without a relevant row for one of weight 1: none in "gains".
    gains = relevance.copy()
    relevance[group == 3] = 0
    clicked = (relevance > 1).astype(np.float32)
    ranks = ["ndcg", "ndcg@3", "ndcg@3-"]
    clicks = ["map", "map@3", "map@3-", "pre", "pre@3"]
    write_case("ndcg", small | {"objective": "rank:ndcg"}, table, relevance, group=group,
               metrics=ranks, rounds=4)
    write_case("gains", small | {"objective": "rank:ndcg", "ndcg_exp_gain": False,
                                 "lambdarank_num_pair_per_sample": 3,
                                 "lambdarank_score_normalization": False}, table, gains, weight,
               group=group, metrics=ranks, rounds=4)
    write_case("map", small | {"objective": "rank:map"}, table, clicked, weight, group=group,
               metrics=clicks, rounds=4)
    write_case("pairwise", small | {"objective": "rank:pairwise",
                                    "lambdarank_normalization": False}, table, relevance,
               group=group, metrics=ranks, rounds=4)

    # Times so near to the first margin that XGBoost's differences of distribution functions keep
    # their digits. Its metric takes the scale for 1, whatever it is.
    lower = np.exp(target / 4 - 1)
    upper = lower.copy()
    upper[::3] = np.inf
    upper[1::6] = lower[1::6] * 1.75
    lower[4::6] = 0
    for distribution, scale, metrics in [("normal", 1.25, []), ("logistic", 1, ["aft-nloglik"]),
                                         ("extreme", 1, ["aft-nloglik"])]:
        write_case(f"aft_{distribution}", small | {
            "objective": "survival:aft", "aft_loss_distribution": distribution,
            "aft_loss_distribution_scale": scale}, table, lower.astype(np.float32), weight,
                   upper=upper.astype(np.float32), metrics=metrics, rounds=4)


if __name__ == "__main__":
    if sys.argv[1:] == ["training"]:
        main_training()
    else:
        main()
        write_later_cases(np.random.default_rng(20250811))
