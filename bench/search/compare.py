#!/usr/bin/env python3
"""Compares `coppice ask` with the samplers of Optuna on tuning problems.

  python3 -m venv peers && peers/bin/pip install optuna cmaes torch scipy matplotlib onnx
  peers/bin/python bench/search/compare.py run --problems DIR --log runs.jsonl --seeds 0 1 [--slots 1 8]
      [--suites bbob xgb xgbcond] [--searchers coppice tpe tpe-group gp cmaes] [--coppice build/release/coppice]
  peers/bin/python bench/search/compare.py report --problems DIR --log runs.jsonl [--output comparison]

DIR is as suites.py says. `run` appends one line a run to the log and passes over what is there, so that it can be
stopped, and run again for more seeds or searchers. `report` writes comparison.json, .md and .svg.

Everyone gets the same problems, the same seeds (of problem and repetition) and budget, and the same first trial, the
middle of every range. With several slots a virtual clock says when a trial ends: the duration of trial k is log-normal
(sigma 0.5) and a function of problem, seed and k alone. Whoever may not begin a trial waits; `coppice` runs with its
default order, which waits for the oldest trial, and `coppice-asap` uses each result as it comes.

Regret is as suites.py says. A problem counts once, with its mean over the seeds. Differences are tested over problems
(Wilcoxon's signed ranks; Holm's correction over peers and budgets of one number of slots), those of a suite in units
of the standard deviation of its regrets, so that no suite outweighs another; intervals are bootstrapped over problems
within suites. `ahead` is said only where the whole 95 % interval is below 0 and the corrected p is below .05.
"""
import argparse
import heapq
import json
import math
import os
import pathlib
import statistics
import sys
import time
import zlib

# The matrices are small: more threads only wait for each other. Read when numpy and torch are loaded.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

import suites  # noqa: E402
from searchers import CoppiceAsk, OptunaAtOnce, first_configuration  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import paired  # noqa: E402

SUITES = {"bbob": "BBOB", "xgb": "XGBoost", "xgbcond": "XGBoost with conditions"}
NAMES = {"coppice": "coppice", "coppice-asap": "coppice, asap", "tpe": "Optuna TPE", "tpe-group": "Optuna TPE, group",
         "gp": "Optuna GP", "cmaes": "Optuna CMA-ES", "random": "random"}
SIGMA = 0.5  # of a duration's logarithm


def is_meant_for(searcher, suite, slots):
    """CMA-ES knows no conditions, groups are for nothing else, and one slot has one order."""
    if searcher == "coppice-asap":
        return slots > 1
    return {"cmaes": suite != "xgbcond", "tpe-group": suite == "xgbcond"}.get(searcher, True)


def make(searcher, args, problem, seed, slots, start):
    if searcher in ("coppice", "coppice-asap", "random"):
        return CoppiceAsk(args.coppice, problem, seed, args.trials, slots,
                          "random" if searcher == "random" else "bayesian",
                          "asap" if searcher == "coppice-asap" else "deterministic")
    return OptunaAtOnce(searcher, problem, seed, args.trials, slots, start)


def play(searcher, problem, durations):
    """(virtual time, loss) of the trials, in the order in which they end."""
    running, losses, ended, now = [], {}, [], 0.0

    def begin(trials):
        for trial, config in trials:
            suites.check(problem, config)
            losses[trial] = float(problem(config))
            heapq.heappush(running, (now + durations[trial], trial))

    begin(searcher.begin())
    while running:
        now, trial = heapq.heappop(running)
        ended.append((now, losses[trial]))
        begin(searcher.tell(trial, losses[trial]))
    return ended


def key_of(entry):
    return entry["searcher"], entry["suite"], entry["slots"], entry["seed"], entry["problem"]


def read_log(path):
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]


def run(args):
    module = suites.load(args.problems)
    done = {key_of(entry) for entry in read_log(args.log)}
    starts = {}
    for seed in args.seeds:
        for slots in args.slots:
            for suite in args.suites:
                for searcher in args.searchers:
                    if not is_meant_for(searcher, suite, slots):
                        continue
                    begin = time.perf_counter()
                    for problem in module.suite(suite, seed):
                        if (searcher, suite, slots, seed, problem.name) not in done:
                            if problem.name not in starts:
                                starts[problem.name] = first_configuration(args.coppice, problem)
                            one_run(args, searcher, suite, slots, seed, problem, starts[problem.name])
                    print(f"{searcher} {suite} P={slots} seed {seed}: {time.perf_counter() - begin:.1f} s",
                          file=sys.stderr, flush=True)


def one_run(args, searcher, suite, slots, seed, problem, start):
    # Each problem's own: with one seed for all, a lucky start in one space would count once for each of its problems.
    own_seed = zlib.crc32(f"{problem.name} {seed}".encode()) % 2 ** 31
    durations = np.random.default_rng(own_seed).lognormal(0, SIGMA, args.trials)
    player = make(searcher, args, problem, own_seed, slots, start)
    ended = play(player, problem, durations)
    entry = {"searcher": searcher, "suite": suite, "slots": slots, "seed": seed, "problem": problem.name,
             "milliseconds": player.close(), "times": [round(t, 6) for t, _ in ended],
             "losses": [loss for _, loss in ended]}
    with args.log.open("a") as out:
        out.write(json.dumps(entry) + "\n")


class Runs:
    """Curves of regret by searcher, suite and slots: {problem: [one curve a seed]}."""

    def __init__(self, args):
        module = suites.load(args.problems)
        known = suites.Known(args.known, module)
        log = read_log(args.log)
        problems = {}
        for suite, seed in {(entry["suite"], entry["seed"]) for entry in log}:
            problems |= {problem.name: problem for problem in module.suite(suite, seed)}
        for entry in log:
            known.saw(problems[entry["problem"]], entry["losses"])
        known.save()
        self.curves, self.by_time, self.milliseconds = {}, {}, {}
        for entry in log:
            problem = problems[entry["problem"]]
            best = np.minimum.accumulate(entry["losses"])
            curve = np.array([known.regret(problem, b) for b in best])
            where = (entry["searcher"], entry["suite"], entry["slots"])
            name = suites.family(entry["problem"])
            self.curves.setdefault(where, {}).setdefault(name, {})[entry["seed"]] = curve
            # What P slots that never wait end in this time on average; never before the first trial.
            mean = math.exp(SIGMA ** 2 / 2)
            ended = [max(1, np.searchsorted(entry["times"], n * mean / entry["slots"], "right"))
                     for n in range(1, len(curve) + 1)]
            self.by_time.setdefault(where, {}).setdefault(name, {})[entry["seed"]] = curve[np.array(ended) - 1]
            self.milliseconds.setdefault(where, []).append(entry["milliseconds"])

    def at(self, where, n, by_time=False):
        """Mean regret of each problem after n trials, over its seeds."""
        table = (self.by_time if by_time else self.curves)[where]
        return {name: statistics.mean(float(c[n - 1]) for c in seeds.values()) for name, seeds in table.items()}

    def pairs(self, ours, theirs, n):
        """(our regret, theirs) by problem, over the seeds that both have."""
        pairs = {}
        for name in self.curves[ours].keys() & self.curves[theirs].keys():
            a, b = self.curves[ours][name], self.curves[theirs][name]
            seeds = a.keys() & b.keys()
            if seeds:
                pairs[name] = tuple(statistics.mean(float(c[s][n - 1]) for s in seeds) for c in (a, b))
        return dict(sorted(pairs.items()))

    def trials_to_reach(self, ours, theirs):
        """Median over problems of the trials that we take to what they have at the end (medians over seeds); a problem
        where we do not come there counts as never."""
        needed = []
        for name in self.curves[ours].keys() & self.curves[theirs].keys():
            a, b = self.curves[ours][name], self.curves[theirs][name]
            seeds = a.keys() & b.keys()
            target = statistics.median(float(b[s][-1]) for s in seeds)
            mine = np.median([a[s] for s in seeds], axis=0)
            reached = np.flatnonzero(mine <= target)
            needed.append(float(reached[0]) + 1 if len(reached) else math.inf)
        median = statistics.median_high(needed) if needed else math.inf
        return median if math.isfinite(median) else None


def contrasts(runs, slots, at):
    """Us against every peer after every budget, over all suites that both played."""
    rows, p_values = [], {}
    peers = sorted({s for s, _, p in runs.curves if p == slots} - {"coppice", "coppice-asap", "random"})
    for peer in peers:
        for n in at:
            groups, wins, total = [], 0, 0
            for suite in SUITES:
                ours, theirs = ("coppice", suite, slots), (peer, suite, slots)
                if ours not in runs.curves or theirs not in runs.curves:
                    continue
                everyone = [v for where in runs.curves if where[1:] == (suite, slots)
                            for v in runs.at(where, n).values()]
                unit = statistics.stdev(everyone)
                pairs = runs.pairs(ours, theirs, n).values()
                groups.append([(a - b) / unit for a, b in pairs])
                wins += sum(a < b for a, b in pairs)
                total += len(pairs)
            if not groups:
                continue
            flat = [d for group in groups for d in group]
            low, high = paired.interval(groups)
            p_values[peer, n] = paired.wilcoxon(flat)
            rows.append({"slots": slots, "peer": peer, "trials": n, "problems": total, "wins": wins,
                         "difference": statistics.mean(flat), "low": low, "high": high, "p": p_values[peer, n]})
    corrected = paired.holm(p_values)
    for row in rows:
        row["p_holm"] = corrected[row["peer"], row["trials"]]
        row["verdict"] = paired.verdict(row["p_holm"], row["low"], row["high"])
    return rows


def regrets(runs, at):
    """Every searcher's mean regret, its difference to ours, and what a trial costs."""
    rows = []
    order = list(NAMES)
    for where in sorted(runs.curves, key=lambda w: (list(SUITES).index(w[1]), w[2], order.index(w[0]))):
        searcher, suite, slots = where
        row = {"suite": suite, "slots": slots, "searcher": searcher,
               "seeds": max(len(s) for s in runs.curves[where].values()), "problems": len(runs.curves[where]),
               "regret": {n: statistics.mean(runs.at(where, n).values()) for n in at},
               "milliseconds": statistics.median(runs.milliseconds[where])}
        if slots > 1:
            row["regret_by_time"] = {n: statistics.mean(runs.at(where, n, True).values()) for n in at}
        ours = ("coppice", suite, slots)
        if searcher != "coppice" and ours in runs.curves:
            differences = {n: [a - b for a, b in runs.pairs(ours, where, n).values()] for n in at}
            row["ours_less_theirs"] = {n: [statistics.mean(d), *paired.interval([d])] for n, d in differences.items()}
            row["trials_to_reach"] = runs.trials_to_reach(ours, where)  # None: never
        rows.append(row)
    return rows


def markdown(rows, tests, at):
    budgets = " | ".join(map(str, at))
    lines = [f"| problems | slots | seeds | searcher | {budgets} | in the time of {budgets} | ours less theirs at "
             f"{at[-1]} | our trials to their {at[-1]} | CPU ms a trial |",
             "|---|--:|--:|---|" + "--:|" * (2 * len(at)) + "---|--:|--:|"]
    for row in rows:
        cells = [SUITES[row["suite"]], str(row["slots"]), str(row["seeds"]), NAMES[row["searcher"]]]
        cells += [f"{row['regret'][n]:.2f}" for n in at]
        cells += [f"{row['regret_by_time'][n]:.2f}" if "regret_by_time" in row else "" for n in at]
        if "ours_less_theirs" in row:
            cells.append("{:+.2f} ({:+.2f} .. {:+.2f})".format(*row["ours_less_theirs"][at[-1]]))
            cells.append("never" if row["trials_to_reach"] is None else f"{row['trials_to_reach']:.0f}")
        else:
            cells += ["", ""]
        lines.append("| " + " | ".join(cells + [f"{row['milliseconds']:.0f}"]) + " |")
    lines += ["", "| slots | peer | trials | better on | mean difference | 95 % interval | p | p (Holm) | coppice is |",
              "|--:|---|--:|--:|--:|--:|--:|--:|---|"]
    for row in tests:
        lines.append(f"| {row['slots']} | {NAMES[row['peer']]} | {row['trials']} | {row['wins']} of "
                     f"{row['problems']} | {row['difference']:+.2f} | {row['low']:+.2f} .. {row['high']:+.2f} | "
                     f"{row['p']:.4f} | {row['p_holm']:.4f} | {row['verdict']} |")
    return "\n".join(lines) + "\n"


def plot(runs, path):
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    styles = {"coppice": ("#c0392b", "-"), "coppice-asap": ("#c0392b", ":"), "tpe": ("#2471a3", "-"),
              "tpe-group": ("#2471a3", "--"), "gp": ("#1e8449", "-"), "cmaes": ("#7d3c98", "-."),
              "random": ("#7f8c8d", ":")}
    present = [s for s in SUITES if any(w[1] == s for w in runs.curves)]
    slots = sorted({w[2] for w in runs.curves})
    figure, axes = plt.subplots(len(slots), len(present), figsize=(4.2 * len(present), 3.2 * len(slots)),
                                squeeze=False, layout="constrained")
    for row, p in zip(axes, slots):
        for axis, suite in zip(row, present):
            for searcher, (colour, dash) in styles.items():
                table = runs.curves.get((searcher, suite, p))
                if not table:
                    continue
                curves = np.array([np.mean(list(seeds.values()), axis=0) for seeds in table.values()])
                x = np.arange(1, curves.shape[1] + 1)
                axis.plot(x, curves.mean(axis=0), dash, color=colour, label=NAMES[searcher],
                          linewidth=2 if searcher == "coppice" else 1.3)
            axis.set_title(f"{SUITES[suite]}, " + (f"{p} at once" if p > 1 else "one after the other"), fontsize=10)
            axis.set_xlabel("trials ended")
            axis.set_ylabel("log10 of the distance to the optimum" if suite == "bbob" else "regret")
            axis.grid(alpha=0.25)
            if suite != "bbob":
                axis.set_ylim(0, 1.5)
            axis.legend(fontsize=7)
    figure.savefig(path)


def report(args):
    runs = Runs(args)
    shortest = min(len(c) for table in runs.curves.values() for seeds in table.values() for c in seeds.values())
    at = [n for n in args.at if n <= shortest] or [shortest]
    rows = regrets(runs, at)
    tests = [row for slots in sorted({w[2] for w in runs.curves}) for row in contrasts(runs, slots, at)]
    text = markdown(rows, tests, at)
    args.output.with_suffix(".json").write_text(json.dumps({"regrets": rows, "tests": tests}, indent=1))
    args.output.with_suffix(".md").write_text(text)
    plot(runs, args.output.with_suffix(".svg"))
    print(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name in ("run", "report"):
        verb = verbs.add_parser(name)
        verb.add_argument("--problems", required=True)
        verb.add_argument("--log", type=pathlib.Path, default=pathlib.Path("runs.jsonl"))
        if name == "report":
            verb.add_argument("--at", type=int, nargs="+", default=[25, 50, 100])
            verb.add_argument("--known", default="known.json")
            verb.add_argument("--output", type=pathlib.Path, default=pathlib.Path("comparison"))
            continue
        verb.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
        verb.add_argument("--trials", type=int, default=100)
        verb.add_argument("--slots", type=int, nargs="+", default=[1, 8])
        verb.add_argument("--suites", nargs="+", choices=list(SUITES), default=list(SUITES))
        verb.add_argument("--searchers", nargs="+", choices=list(NAMES),
                          default=["coppice", "coppice-asap", "tpe", "tpe-group", "gp", "cmaes"])
        verb.add_argument("--coppice", default="build/release/coppice")
    args = parser.parse_args()
    run(args) if args.verb == "run" else report(args)


if __name__ == "__main__":
    main()
