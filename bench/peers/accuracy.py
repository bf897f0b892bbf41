#!/usr/bin/env python3
"""Trains coppice and the real XGBoost on the same rows with the same parameters and compares scores.

  python3 -m venv peers && peers/bin/pip install xgboost pandas scikit-learn
  peers/bin/python bench/peers/accuracy.py --data DIR [--coppice build/release/coppice]

DIR holds the UCI files by their usual names (breast_cancer/wdbc.data, adult/adult.data,
california_housing/housing.csv, dry_bean/dry_bean.csv). 100 rounds, depth 6, eta 0.3, defaults
elsewhere; every fourth row is for testing. Exits with 1 when a score misses its limit: 0.002 of AUC,
0.5 % of the RMSE, 0.003 of the error.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import pandas
import xgboost
from sklearn.metrics import roc_auc_score

import tables

JOBS = {"breast_cancer": ("binary:logistic", "auc"), "california_housing": ("reg:squarederror", "rmse"),
        "adult": ("binary:logistic", "auc"), "dry_bean": ("multi:softprob", "merror")}


def load(name, folder):
    """A table of features and its label."""
    if name != "breast_cancer":
        return tables.load(name, folder)
    table = pandas.read_csv(folder / "breast_cancer/wdbc.data", header=None)
    table.columns = ["id", "diagnosis"] + [f"x{i}" for i in range(30)]
    return table.drop(columns=["id", "diagnosis"]), (table.diagnosis == "M").astype(int)


def score(metric, label, prediction):
    if metric == "auc":
        return roc_auc_score(label, prediction)
    if metric == "rmse":
        return float(numpy.sqrt(numpy.mean((label - prediction) ** 2)))
    return float(numpy.mean(prediction.argmax(axis=1) != label))


def run_xgboost(features, label, test, objective, metric):
    features = features.copy()
    for column in features.select_dtypes(exclude="number"):
        features[column] = features[column].astype("category")
    params = {"objective": objective, "max_depth": 6, "eta": 0.3, "tree_method": "hist"}
    if objective.startswith("multi"):
        params["num_class"] = int(label.max()) + 1
    train = xgboost.DMatrix(features[~test], label[~test], enable_categorical=True)
    booster = xgboost.train(params, train, 100)
    rest = xgboost.DMatrix(features[test], enable_categorical=True)
    return score(metric, label[test].to_numpy(), booster.predict(rest))


def run_coppice(program, features, label, test, objective, metric):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        table = features.copy()
        table.insert(0, "label", label)
        table[~test].to_csv(folder / "train.csv", index=False)
        table[test].to_csv(folder / "test.csv", index=False)
        spec = {"coppice": 1, "name": "accuracy",
                "data": {"train": "train.csv", "test": "test.csv", "label": "label"},
                "split": {"kind": "files"},
                "train": {"objective": objective, "num_round": 100, "max_depth": 6, "eta": 0.3},
                "objective": {"metric": metric}}
        (folder / "spec.json").write_text(json.dumps(spec))
        done = subprocess.run([program, "train", folder / "spec.json", "--store", folder / "studies",
                               "--quiet", "--format", "json"], check=True, capture_output=True)
        return json.loads(done.stdout)["test"][metric]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--coppice", default="build/release/coppice")
    options = parser.parse_args()
    limits = {"auc": 0.002, "rmse": None, "merror": 0.003}
    print(f"XGBoost {xgboost.__version__}; 100 rounds, depth 6, eta 0.3\n")
    print("| data | metric | XGBoost | coppice | difference | limit | |\n|---|---|--:|--:|--:|--:|---|")
    missed = False
    for name, (objective, metric) in JOBS.items():
        features, label = load(name, options.data)
        test = pandas.Series(numpy.arange(len(features)) % 4 == 3)
        theirs = run_xgboost(features, label, test, objective, metric)
        ours = run_coppice(options.coppice, features, label, test, objective, metric)
        limit = limits[metric] or 0.005 * theirs
        loss = theirs - ours if metric == "auc" else ours - theirs
        missed |= loss > limit
        print(f"| {name} | {metric} | {theirs:.6g} | {ours:.6g} | {ours - theirs:+.3g} | {limit:.3g} "
              f"| {'ok' if loss <= limit else 'MISSED'} |")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
