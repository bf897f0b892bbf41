#!/usr/bin/env python3
"""Trains many random configurations with coppice and with the real XGBoost, and compares scores.

  python3 -m venv peers && peers/bin/pip install xgboost pandas
  peers/bin/python bench/peers/differential.py --data DIR [--coppice build/release/coppice]
                                               [--count 200] [--seed 1] [--first 0] [--out FILE]
                                               [--no-constraints]

DIR holds the public tables by their usual names (see TABLES below). A configuration is a table (at
most 4000 rows of it, half of them for testing), an objective that fits, at times missing values and
weights put in by chance, and random training parameters; `--first K --count 1` repeats number K
alone. One that samples rows or columns is trained under several seeds and its scores are averaged,
because the two programs draw other random numbers. A difference is (coppice - XGBoost) / XGBoost of
a score on the test rows that is better when smaller, so above 0 coppice is worse.
"""
import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy
import pandas
import xgboost

ROWS = 4000
SEEDS = 3
ADULT = ("age workclass fnlwgt education education-num marital-status occupation relationship race "
         "sex capital-gain capital-loss hours-per-week native-country income").split()


def breast_cancer(folder):
    table = pandas.read_csv(folder / "breast_cancer/wdbc.data", header=None)
    table.columns = ["id", "diagnosis"] + [f"x{i}" for i in range(30)]
    return table.drop(columns=["id", "diagnosis"]), (table.diagnosis == "M").astype(int)


def adult(folder):
    table = pandas.read_csv(folder / "adult/adult.data", header=None, names=ADULT,
                            skipinitialspace=True, na_values="?")
    return table.drop(columns="income"), (table.income == ">50K").astype(int)


def titanic(folder):
    table = pandas.read_csv(folder / "titanic/titanic3.csv")
    return table[["pclass", "sex", "age", "sibsp", "parch", "fare", "embarked"]], table.survived


def higgs(folder):
    table = pandas.read_csv(folder / "higgs_small/binary.train", sep="\t", header=None)
    table.columns = ["label"] + [f"x{i}" for i in range(28)]
    return table.drop(columns="label"), table.label.astype(int)


def california(folder):
    table = pandas.read_csv(folder / "california_housing/housing.csv")
    return table.drop(columns="median_house_value"), table.median_house_value / 100000


def bike_sharing(folder):
    table = pandas.read_csv(folder / "bike_sharing/hour.csv")
    return table.drop(columns=["instant", "dteday", "casual", "registered", "cnt"]), table.cnt


def diabetes(folder):
    table = pandas.read_csv(folder / "diabetes/diabetes.tab.txt", sep="\t")
    return table.drop(columns="Y"), table.Y


def white_wine(folder):
    table = pandas.read_csv(folder / "wine_quality/winequality-white.csv", sep=";")
    return table.drop(columns="quality"), table.quality


def dry_bean(folder):
    table = pandas.read_csv(folder / "dry_bean/dry_bean.csv")
    return table.drop(columns="Class"), table.Class.astype("category").cat.codes.astype(int)


def wine(folder):
    table = pandas.read_csv(folder / "wine/wine.data", header=None)
    table.columns = ["class"] + [f"x{i}" for i in range(13)]
    return table.drop(columns="class"), table["class"] - 1


# Objectives with the metric that judges them; all are better when smaller and never negative.
BINARY = [("binary:logistic", "logloss")] * 3 + [("reg:logistic", "rmse"), ("binary:hinge", "error")]
REGRESSION = [("reg:squarederror", "rmse")] * 3 + [
    ("reg:pseudohubererror", "mae"), ("reg:squaredlogerror", "rmsle"), ("reg:gamma", "rmse"),
    ("reg:tweedie", "rmse")]
COUNTS = [("count:poisson", "rmse")] * 3 + [("reg:squarederror", "rmse"), ("reg:tweedie", "rmse")]
CLASSES = [("multi:softprob", "mlogloss")] * 2 + [("multi:softmax", "merror")]
TABLES = [(breast_cancer, BINARY), (adult, BINARY), (titanic, BINARY), (higgs, BINARY),
          (california, REGRESSION), (diabetes, REGRESSION), (bike_sharing, COUNTS),
          (white_wine, COUNTS), (dry_bean, CLASSES), (wine, CLASSES)]


def subset(features, label):
    """The same rows in every run."""
    rows = numpy.random.default_rng(0).permutation(len(features))[:ROWS]
    features = features.iloc[rows].reset_index(drop=True)
    for column in features.select_dtypes(exclude="number"):
        features[column] = features[column].astype("category")
    return features, label.iloc[rows].reset_index(drop=True)


def random_constraints(random, features):
    """Monotone, interaction constraints and weights of features, by name; each now and then."""
    params = {}
    names = list(features.columns)
    numeric = list(features.select_dtypes(include="number"))
    if random.random() < 0.25:
        params["monotone_constraints"] = {
            name: int(random.choice([-1, 1])) for name in numeric if random.random() < 0.5}
    if random.random() < 0.2:
        params["interaction_constraints"] = [
            [str(name) for name in random.choice(names, size=int(random.integers(1, len(names))),
                                                 replace=False)]
            for _ in range(random.integers(1, 4))]
    if random.random() < 0.2:
        params["feature_weights"] = {name: float(random.integers(0, 5)) for name in names}
    return {name: value for name, value in params.items() if value}


def random_params(random, objective):
    params = {
        "eta": round(float(numpy.exp(random.uniform(math.log(0.03), 0))), 4),
        "max_depth": int(random.integers(1, 10)),
        "num_round": int(random.integers(5, 41)),
        "min_child_weight": float(random.choice([0, 0.1, 1, 1, 5, 20])),
        "lambda": float(random.choice([0, 0.1, 1, 1, 10])),
        "max_bin": int(random.choice([8, 32, 256, 256])),
    }
    if random.random() < 0.3:
        params |= {"grow_policy": "lossguide", "max_leaves": int(random.integers(2, 64)),
                   "max_depth": int(random.choice([0, 6]))}
    elif random.random() < 0.15:
        params["max_leaves"] = int(random.integers(2, 32))
    for name, values, chance in [
            ("gamma", [0.01, 0.3, 2], 0.25), ("alpha", [0.01, 0.5, 3], 0.25),
            ("max_delta_step", [0.1, 0.7, 3], 0.2), ("subsample", [0.5, 0.8], 0.25),
            ("colsample_bytree", [0.4, 0.8], 0.2), ("colsample_bylevel", [0.5, 0.8], 0.15),
            ("colsample_bynode", [0.3, 0.8], 0.2), ("max_cat_to_onehot", [1, 3, 10], 0.3),
            ("max_cat_threshold", [2, 8], 0.2)]:
        if random.random() < chance:
            value = random.choice(values)
            params[name] = int(value) if name.startswith("max_cat") else float(value)
    if objective == "binary:logistic" and random.random() < 0.3:
        params["scale_pos_weight"] = float(random.choice([0.3, 3]))
    if objective == "reg:tweedie" and random.random() < 0.5:
        params["tweedie_variance_power"] = 1.2
    if objective in ("reg:pseudohubererror", "reg:squaredlogerror"):
        # Second derivatives near 0 would make both programs step without bounds.
        params |= {"lambda": 1.0, "min_child_weight": 1.0, "max_delta_step": 1.0}
        if objective == "reg:pseudohubererror" and random.random() < 0.5:
            params["huber_slope"] = 0.5
    return {"objective": objective} | params


def configuration(number, seed, tables, constrained):
    random = numpy.random.default_rng([seed, number])
    name, features, label, objectives = tables[int(random.integers(len(tables)))]
    objective, metric = objectives[int(random.integers(len(objectives)))]
    features = features.copy()
    holes = random.random() < 0.3
    if holes:
        for column in features:
            features.loc[random.random(len(features)) < 0.15, column] = numpy.nan
    weight = random.uniform(0.2, 3, len(features)).round(3) if random.random() < 0.2 else None
    params = random_params(random, objective)
    if constrained:
        params |= random_constraints(random, features)
    if objective == "count:poisson" or {"max_delta_step", "monotone_constraints"} & set(params):
        # XGBoost 3.2 leaves the L1 penalty out of the gain wherever weights are limited; later ones
        # and coppice do not.
        params.pop("alpha", None)
    sampled = any(params.get(key, 1) < 1 for key in
                  ["subsample", "colsample_bytree", "colsample_bylevel", "colsample_bynode"])
    return {"number": number, "table": name, "features": features, "label": label, "weight": weight,
            "metric": metric, "params": params, "sampled": sampled,
            "extras": (["holes"] if holes else []) + (["weights"] if weight is not None else [])}


def run_xgboost(case, seed):
    features, label, weight = case["features"], case["label"], case["weight"]
    train = numpy.arange(len(features)) % 2 == 0
    params = dict(case["params"])
    rounds = params.pop("num_round")
    named = params.pop("feature_weights", None)
    names = list(features.columns)
    chances = [named.get(name, 1.0) for name in names] if named else None
    if params["objective"].startswith("multi"):
        params["num_class"] = int(label.max()) + 1

    def matrix(part):
        return xgboost.DMatrix(features[part], label[part], enable_categorical=True, nthread=1,
                               weight=None if weight is None else weight[part],
                               feature_weights=chances)
    history = {}
    held_out = matrix(~train)
    xgboost.train(params | {"eval_metric": case["metric"], "nthread": 1, "seed": seed,
                            "tree_method": "hist", "verbosity": 0},
                  matrix(train), rounds, evals=[(held_out, "test")], evals_result=history,
                  verbose_eval=False)
    return history["test"][case["metric"]][-1]


def run_coppice(program, case, seed):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        table = case["features"].copy()
        table.insert(0, "label__", case["label"])
        if case["weight"] is not None:
            table.insert(1, "weight__", case["weight"])
        train = numpy.arange(len(table)) % 2 == 0
        table[train].to_csv(folder / "train.csv", index=False)
        table[~train].to_csv(folder / "test.csv", index=False)
        data = {"train": "train.csv", "test": "test.csv", "label": "label__"}
        if case["weight"] is not None:
            data["weight"] = "weight__"
        spec = {"coppice": 1, "name": "differential", "data": data, "split": {"kind": "files"},
                "train": case["params"] | {"seed": seed}, "objective": {"metric": case["metric"]}}
        (folder / "spec.json").write_text(json.dumps(spec))
        done = subprocess.run([program, "train", folder / "spec.json", "--store", folder / "studies",
                               "--quiet", "--threads", "1", "--format", "json"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"coppice failed on configuration {case['number']}: "
                               f"{case['params']}\n{done.stderr}")
        return json.loads(done.stdout)["test"][case["metric"]]


def compare(program, case):
    seeds = range(1, SEEDS + 1) if case["sampled"] else [1]
    theirs = float(numpy.mean([run_xgboost(case, seed) for seed in seeds]))
    ours = float(numpy.mean([run_coppice(program, case, seed) for seed in seeds]))
    # An error of nothing at all has no relative difference: one row in a thousand stands for it.
    return {"number": case["number"], "table": case["table"], "metric": case["metric"],
            "xgboost": theirs, "coppice": ours, "sampled": case["sampled"],
            "difference": (ours - theirs) / max(theirs, 1e-3), "extras": case["extras"],
            "params": case["params"]}


def interval(differences):
    mean = float(numpy.mean(differences))
    half = 1.96 * float(numpy.std(differences, ddof=1)) / math.sqrt(len(differences)) \
        if len(differences) > 1 else math.inf
    return mean, mean - half, mean + half


def row(name, results):
    differences = [result["difference"] for result in results]
    mean, low, high = interval(differences)
    return (f"| {name} | {len(results)} | {100 * mean:+.3f} % | {100 * low:+.3f} .. {100 * high:+.3f} "
            f"| {'yes' if low <= 0 <= high else 'NO'} "
            f"| {100 * float(numpy.median(numpy.abs(differences))):.3f} % |")


def report(results):
    print("| configurations | number | mean difference | 95 % interval | zero inside "
          "| median of absolute differences |\n|---|--:|--:|--:|---|--:|")
    print(row("all", results))
    groups = [("without sampling", [r for r in results if not r["sampled"]]),
              ("with sampling", [r for r in results if r["sampled"]])]
    for objective in sorted({r["params"]["objective"] for r in results}):
        groups.append((f"`{objective}`",
                       [r for r in results if r["params"]["objective"] == objective]))
    for name in ["monotone_constraints", "interaction_constraints", "feature_weights",
                 "max_delta_step", "alpha", "gamma", "scale_pos_weight"]:
        groups.append((f"`{name}`", [r for r in results if name in r["params"]]))
    for extra in ["holes", "weights"]:
        groups.append((extra, [r for r in results if extra in r["extras"]]))
    for name, group in groups:
        if group:
            print(row(name, group))
    for title, sampled in [("without sampling", False), ("with sampling", True)]:
        print(f"\nThe largest differences {title}:")
        some = [result for result in results if result["sampled"] == sampled]
        for result in sorted(some, key=lambda r: -abs(r["difference"]))[:10]:
            print(f"{100 * result['difference']:+.2f} %  #{result['number']} {result['table']} "
                  f"{result['metric']} {result['xgboost']:.6g} {result['coppice']:.6g} "
                  f"{' '.join(result['extras'])} {json.dumps(result['params'])}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--coppice", default="build/release/coppice")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-constraints", action="store_true",
                        help="the same configurations without what speaks of single features")
    parser.add_argument("--out", type=pathlib.Path, help="results as JSON lines")
    options = parser.parse_args()
    tables = [(load.__name__, *subset(*load(options.data)), objectives)
              for load, objectives in TABLES]
    results = []
    for number in range(options.first, options.first + options.count):
        case = configuration(number, options.seed, tables, not options.no_constraints)
        results.append(compare(options.coppice, case))
        if options.out:
            options.out.open("a").write(json.dumps(results[-1]) + "\n")
    print(f"XGBoost {xgboost.__version__}, {len(results)} configurations, seed {options.seed}\n")
    report(results)


if __name__ == "__main__":
    sys.exit(main())
