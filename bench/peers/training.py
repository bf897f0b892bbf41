#!/usr/bin/env python3
"""Times one training by coppice, XGBoost and LightGBM (plain and with quantised gradients).

  python3 -m venv peers && peers/bin/pip install xgboost lightgbm scikit-learn pandas
  peers/bin/python bench/peers/training.py [--data DIR] [--cases A,B,...] [--depths 6,8]
      [--threads 1] [--sampling 0,1] [--repeats 3] [--bench build/release/bench/coppice_bench_training]

Everyone runs in turn, each in a process of its own, on the same numbers: 100 rounds, eta 0.1, lambda
1, min_child_weight 1, 256 bins; LightGBM with 2^depth leaves and min_data_in_leaf 1. Times are CPU
seconds of the process (median over the repeats); loading is left out, binning is a column of its own.
`x floor` is how often coppice's time holds that of the additions to histograms which its trees cannot
do without, at the cost that one has alone in the first cache, measured before and after the training
(a tree also moves rows, takes gradients and looks for splits, and its rows do not fit into a cache).
With sampling (rows and columns .8) every repeat has a seed of its own. Memory is the peak of the
process after its table is loaded, and by how much that is above what it held then; a program in
Python holds some 200 MB of libraries too. Writes training.json and
training.md into the current folder. The cases:

  A  1,000,000 x 28, two classes        B  100,000 x 50, two classes
  C  10,000 x 20, two classes           D  500,000 x 54, a number; 44 columns of three one-hot groups
  E  as B, a tenth of the values missing
  F  100,000 x 30, 12 of them categories of 3 to 60 values, two classes
  G  50,000 x 20, seven classes         higgs, adult: files of DIR (higgs_small, adult)
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

ROUNDS = 100


def split_scores(rng, n, informative, features):
    """A nonlinear score of the first `informative` columns, with noise."""
    x = rng.standard_normal((n, features), dtype=numpy.float32)
    weights = rng.uniform(-1, 1, informative)
    score = x[:, :informative] @ weights
    for i in range(0, informative - 1, 2):
        score += x[:, i] * x[:, i + 1] * weights[i]
    score += numpy.sin(2 * x[:, 0]) + (x[:, 2] > 0.5) * x[:, 3]
    return x, score


def make_case(name, folder):
    """x [n, features], y, number of test rows, kinds ('q' or 'c:N'), objective."""
    rng = numpy.random.default_rng(7)
    if name in "ABCE":
        n, test, features, informative = {"A": (1_200_000, 200_000, 28, 20),
                                          "B": (150_000, 50_000, 50, 20),
                                          "C": (30_000, 20_000, 20, 15),
                                          "E": (150_000, 50_000, 50, 20)}[name]
        x, score = split_scores(rng, n, informative, features)
        y = (score + rng.standard_normal(n) * 2.5 > 0).astype(numpy.float32)
        if name == "E":
            x[rng.random(x.shape) < 0.1] = numpy.nan
        return x, y, test, ["q"] * features, "binary:logistic"
    if name == "D":
        n = 600_000
        x, score = split_scores(rng, n, 8, 10)
        groups = []
        for size in (4, 10, 30):
            member = rng.choice(size, n, p=rng.dirichlet(numpy.ones(size) * 2))
            score += rng.uniform(-1.5, 1.5, size)[member]
            groups.append(numpy.eye(size, dtype=numpy.float32)[member])
        x = numpy.concatenate([x] + groups, axis=1)
        return x, (score + rng.standard_normal(n)).astype(numpy.float32), 100_000, ["q"] * 54, \
            "reg:squarederror"
    if name == "F":
        n = 150_000
        x, score = split_scores(rng, n, 12, 30)
        kinds = ["q"] * 30
        for i, size in enumerate((3, 4, 5, 8, 10, 12, 16, 20, 30, 40, 50, 60)):
            code = rng.choice(size, n)
            score += rng.uniform(-1, 1, size)[code]
            x[:, 18 + i] = code
            kinds[18 + i] = f"c:{size}"
        y = (score + rng.standard_normal(n) * 2.5 > 0).astype(numpy.float32)
        return x, y, 50_000, kinds, "binary:logistic"
    if name == "G":
        n = 70_000
        x, _ = split_scores(rng, n, 2, 20)
        scores = x @ rng.standard_normal((20, 7)) + (x ** 2) @ rng.standard_normal((20, 7))
        y = (scores + rng.standard_normal((n, 7)) * 3).argmax(axis=1).astype(numpy.float32)
        return x, y, 20_000, ["q"] * 20, "multi:softprob"
    import pandas
    if name == "higgs":
        parts = [numpy.loadtxt(folder / f"higgs_small/binary.{part}", numpy.float32)
                 for part in ("train", "test")]
        table = numpy.concatenate(parts)
        return table[:, 1:], table[:, 0], len(parts[1]), ["q"] * 28, "binary:logistic"
    from tables import ADULT
    table = pandas.read_csv(folder / "adult/adult.data", header=None, names=ADULT,
                            skipinitialspace=True, na_values="?")
    y = (table.pop("income") == ">50K").to_numpy(numpy.float32)
    kinds = []
    for column in table:
        if table[column].dtype.kind in "if":
            kinds.append("q")
            continue
        codes = table[column].astype("category").cat.codes
        kinds.append(f"c:{codes.max() + 1}")
        table[column] = codes.where(codes >= 0, numpy.nan)
    return table.to_numpy(numpy.float32), y, len(y) // 4, kinds, "binary:logistic"


def write_case(name, data, to):
    x, y, n_test, kinds, objective = make_case(name, data)
    for part, rows in (("train", slice(0, len(y) - n_test)), ("test", slice(len(y) - n_test, None))):
        numpy.ascontiguousarray(x[rows].T).tofile(to / f"{part}_x.f32")
        y[rows].tofile(to / f"{part}_y.f32")
    (to / "types.txt").write_text("\n".join(kinds))
    return objective, len(y) - n_test, x.shape[1]


def read_part(folder, part, n_features):
    y = numpy.fromfile(folder / f"{part}_y.f32", numpy.float32)
    x = numpy.fromfile(folder / f"{part}_x.f32", numpy.float32).reshape(n_features, len(y)).T
    return numpy.ascontiguousarray(x), y


def n_classes(objective):
    return 7 if objective.startswith("multi") else 1


def memory_mb(figure):
    """VmRSS: what this process holds; VmHWM: the most since the start or the last reset."""
    for line in open("/proc/self/status"):
        if line.startswith(figure + ":"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no {figure} in /proc/self/status")


class Clock:
    """CPU seconds of this process, under a name; its memory from here on."""

    def __init__(self):
        pathlib.Path("/proc/self/clear_refs").write_text("5")
        self.report = {"memory": {"loaded_mb": memory_mb("VmRSS")}}

    def measure(self, name, work):
        cpu, wall = time.process_time(), time.perf_counter()
        result = work()
        self.report[name] = {"cpu_s": time.process_time() - cpu,
                             "wall_s": time.perf_counter() - wall}
        return result


def run_xgboost(folder, kinds, options, x, y, test_x):
    import xgboost
    clock = Clock()
    types = ["c" if kind[0] == "c" else "q" for kind in kinds]
    matrix = clock.measure("bin", lambda: xgboost.QuantileDMatrix(
        x, y, feature_types=types, enable_categorical=True, nthread=options["threads"]))
    params = {"objective": options["objective"], "eta": 0.1, "max_depth": options["depth"],
              "nthread": options["threads"], "seed": options["seed"]}
    if options["sampling"]:
        params |= {"subsample": 0.8, "colsample_bytree": 0.8}
    if n_classes(options["objective"]) > 1:
        params["num_class"] = n_classes(options["objective"])
    booster = clock.measure("train", lambda: xgboost.train(params, matrix, ROUNDS))
    test = xgboost.DMatrix(test_x, feature_types=types, enable_categorical=True,
                           nthread=options["threads"])
    prediction = clock.measure("predict", lambda: booster.predict(test))
    return clock.report, prediction


def run_lightgbm(folder, kinds, options, x, y, test_x):
    import lightgbm
    clock = Clock()
    params = {"objective": {"binary:logistic": "binary", "reg:squarederror": "regression",
                            "multi:softprob": "multiclass"}[options["objective"]],
              "learning_rate": 0.1, "num_leaves": 2 ** options["depth"],
              "max_depth": options["depth"], "min_data_in_leaf": 1, "min_sum_hessian_in_leaf": 1,
              "lambda_l2": 1, "max_bin": 255, "num_threads": options["threads"], "verbose": -1,
              "seed": options["seed"],
              "use_quantized_grad": options["who"] == "lightgbm_quantised"}
    if options["sampling"]:
        params |= {"bagging_fraction": 0.8, "bagging_freq": 1, "feature_fraction": 0.8}
    if n_classes(options["objective"]) > 1:
        params["num_class"] = n_classes(options["objective"])
    categories = [i for i, kind in enumerate(kinds) if kind[0] == "c"]
    data = lightgbm.Dataset(x, y, categorical_feature=categories, params=params)
    clock.measure("bin", data.construct)
    booster = clock.measure("train", lambda: lightgbm.train(params, data, ROUNDS))
    prediction = clock.measure("predict", lambda: booster.predict(
        test_x, num_threads=options["threads"]))
    return clock.report, prediction


def run_peer(folder, options):
    kinds = (folder / "types.txt").read_text().split()
    x, y = read_part(folder, "train", len(kinds))
    test_x, _ = read_part(folder, "test", len(kinds))
    run = run_xgboost if options["who"] == "xgboost" else run_lightgbm
    report, prediction = run(folder, kinds, options, x, y, test_x)
    report["memory"]["peak_mb"] = memory_mb("VmHWM")
    numpy.asarray(prediction, numpy.float32).tofile(folder / f"{options['who']}.f32")
    print(json.dumps(report))


def run_coppice(bench, folder, options):
    params = {"objective": options["objective"], "eta": 0.1, "max_depth": options["depth"],
              "num_round": ROUNDS, "seed": options["seed"]}
    if options["sampling"]:
        params |= {"subsample": 0.8, "colsample_bytree": 0.8}
    if n_classes(options["objective"]) > 1:
        params["num_class"] = n_classes(options["objective"])
    return [str(bench), str(folder), str(options["threads"])] + \
        [f"{name}={value}" for name, value in params.items()]


def score_of(objective, label, prediction):
    from sklearn.metrics import log_loss, roc_auc_score
    if objective == "binary:logistic":
        return roc_auc_score(label, prediction)
    if objective == "reg:squarederror":
        return float(numpy.sqrt(numpy.mean((label - prediction) ** 2)))
    return log_loss(label, prediction.reshape(len(label), -1))


def run_one(bench, folder, options):
    if options["who"] == "coppice":
        command = run_coppice(bench, folder, options)
    else:
        command = [sys.executable, __file__, "--peer", str(folder), json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        return {"failed": (done.stderr or "no message").strip().splitlines()[-1]}
    report = json.loads(done.stdout)
    label = numpy.fromfile(folder / "test_y.f32", numpy.float32)
    prediction = numpy.fromfile(folder / f"{options['who']}.f32", numpy.float32)
    report["score"] = score_of(options["objective"], label, prediction)
    return report


def median(runs, *path):
    values = []
    for run in runs:
        for key in path:
            run = run.get(key) if isinstance(run, dict) else None
        if run is not None:
            values.append(run)
    return statistics.median(values) if values else None


def with_floor_ratio(run, threads):
    """How many times what its additions to histograms alone would take a training took."""
    if "additions" not in run:
        return {}
    alone_ns = statistics.mean(run["additions"]["alone_ns"])
    floor_s = run["additions"]["n"] * alone_ns * 1e-9
    seconds = run["train"]["cpu_s"] if threads == 1 else run["train"]["wall_s"] * threads
    return {"ratio": seconds / floor_s}


def summary(setting, runs):
    """One row of the table: medians of everyone and the ratio to the fastest peer."""
    row = dict(setting)
    for what in ("train", "bin", "predict"):
        clock = "wall_s" if setting["threads"] > 1 else "cpu_s"
        times = {who: median(of, what, clock) for who, of in runs.items()}
        row[what] = times
        peers = [t for who, t in times.items() if who != "coppice" and t is not None]
        row[what + "_ratio"] = min(peers) / times["coppice"] if peers and times["coppice"] else None
    row["floor_ratio"] = median([with_floor_ratio(run, setting["threads"])
                                 for run in runs.get("coppice", [])], "ratio")
    row["peak_mb"] = {who: median(of, "memory", "peak_mb") for who, of in runs.items()}
    row["rise_mb"] = {who: None if row["peak_mb"][who] is None else
                      row["peak_mb"][who] - median(of, "memory", "loaded_mb")
                      for who, of in runs.items()}
    row["score"] = {who: statistics.mean(s) if (s := [r["score"] for r in of if "score" in r]) else None
                    for who, of in runs.items()}
    row["failed"] = {who: of[0]["failed"] for who, of in runs.items() if "failed" in of[0]}
    return row


def markdown(rows):
    everyone = ("coppice", "xgboost", "lightgbm", "lightgbm_quantised")
    lines = ["| case | depth | .8/.8 | threads | " + " | ".join(everyone) +
             " | ratio | x floor | scores | bin | predict | peak MB (above the table) |", "|" + "---|" * 14]
    text = lambda value, form: "-" if value is None else format(value, form)
    for row in rows:
        cells = [row["case"], str(row["depth"]), "yes" if row["sampling"] else "no",
                 str(row["threads"])]
        cells += [text(row["train"].get(who), ".3f") for who in everyone]
        cells += [text(row["train_ratio"], ".2f") + "x", text(row["floor_ratio"], ".2f"),
                  " / ".join(text(row["score"].get(who), ".5f") for who in everyone),
                  text(row["bin_ratio"], ".2f") + "x", text(row["predict_ratio"], ".2f") + "x",
                  " / ".join(f"{text(row['peak_mb'].get(who), '.0f')} "
                             f"({text(row['rise_mb'].get(who), '.0f')})" for who in everyone)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--peer":
        return run_peer(pathlib.Path(sys.argv[2]), json.loads(sys.argv[3]))
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path("."))
    parser.add_argument("--bench", type=pathlib.Path,
                        default=pathlib.Path("build/release/bench/coppice_bench_training"))
    for name, default in (("cases", "A,B,C,D,E,F,G"), ("depths", "6"), ("threads", "1"),
                          ("sampling", "0"), ("who", "coppice,xgboost,lightgbm,lightgbm_quantised")):
        parser.add_argument(f"--{name}", type=lambda text: text.split(","), default=default.split(","))
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    rows = []
    for case in args.cases:
        with tempfile.TemporaryDirectory() as made:
            folder = pathlib.Path(made)
            objective, n, features = write_case(case, args.data, folder)
            print(f"{case}: {n} x {features}, {objective}", file=sys.stderr)
            for depth in map(int, args.depths):
                for sampling in map(int, args.sampling):
                    for threads in map(int, args.threads):
                        setting = {"case": case, "depth": depth, "sampling": sampling,
                                   "threads": threads}
                        runs = {who: [] for who in args.who}
                        for repeat in range(args.repeats):
                            for who in args.who:
                                runs[who].append(run_one(args.bench, folder, setting | {
                                    "who": who, "seed": repeat, "objective": objective}))
                        rows.append(summary(setting, runs))
                        print(markdown(rows[-1:]).splitlines()[-1], file=sys.stderr)
    pathlib.Path("training.json").write_text(json.dumps(rows, indent=1))
    pathlib.Path("training.md").write_text(markdown(rows))
    print(markdown(rows))


if __name__ == "__main__":
    main()
