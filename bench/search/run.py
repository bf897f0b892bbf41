#!/usr/bin/env python3
"""Runs strategies on tuning problems and prints their regret.

  bench/search/run.py --problems DIR --suite xgb --seeds 6 --slots 1 [--strategy bayesian random optuna-tpe]

DIR holds problems.py with suite(name, seed): problems with a name, a space (name, kind f/i/c, lo, hi, log, choices,
parent, allowed) and a call from a configuration to a loss. coppice's strategies are asked through
build/release/bench/coppice_bench_search; `optuna-tpe`, `optuna-tpe-group` and `optuna-gp` need Optuna.

With --slots P, trial k is proposed knowing the losses of trials 0 .. k - P. Regret of a problem with a known optimum is
log10 of the distance to it; else (best so far - best known) / (median best of 10 random trials - best known). What is
best known is kept in --known and gets better with every run; figures of two runs compare only with the same file.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys

import numpy as np


def space_of(problem):
    space = {}
    for p in problem.space:
        if p.kind == "c":
            r = {"type": "categorical", "values": p.choices}
        else:
            r = {"type": "int" if p.kind == "i" else "float", "min": p.lo, "max": p.hi,
                 "scale": "log" if p.log else "linear"}
        if p.parent is not None:
            r["when"] = {p.parent: p.allowed}
        space[p.name] = r
    return space


class Coppice:
    def __init__(self, binary, strategy, problem, seed):
        self.process = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._send({"space": space_of(problem), "strategy": strategy, "seed": seed})

    def _send(self, line):
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def ask(self, _):
        self._send({"ask": True})
        answer = json.loads(self.process.stdout.readline())
        return answer["config"], answer["milliseconds"]

    def tell(self, trial, loss):
        self._send({"tell": trial, "loss": loss if math.isfinite(loss) else None})

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Optuna:
    def __init__(self, kind, problem, seed):
        import optuna
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        samplers = {"tpe": lambda: optuna.samplers.TPESampler(seed=seed, constant_liar=True),
                    "tpe-group": lambda: optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True,
                                                                    constant_liar=True, warn_independent_sampling=False),
                    "gp": lambda: optuna.samplers.GPSampler(seed=seed)}
        self.study = optuna.create_study(sampler=samplers[kind]())
        self.problem = problem
        self.trials = []

    def ask(self, _):
        import time
        begin = time.perf_counter()
        trial = self.study.ask()
        config = {}
        for p in self.problem.space:
            if p.parent is not None and config.get(p.parent) not in p.allowed:
                continue
            if p.kind == "c":
                config[p.name] = trial.suggest_categorical(p.name, p.choices)
            elif p.kind == "i":
                config[p.name] = trial.suggest_int(p.name, p.lo, p.hi, log=p.log)
            else:
                config[p.name] = trial.suggest_float(p.name, p.lo, p.hi, log=p.log)
        self.trials.append(trial)
        return config, 1e3 * (time.perf_counter() - begin)

    def tell(self, trial, loss):
        self.study.tell(self.trials[trial], loss)

    def close(self):
        pass


def play(searcher, problem, trials, slots):
    losses, times = [], []
    for k in range(trials):
        if k >= slots:
            searcher.tell(k - slots, losses[k - slots])
        config, milliseconds = searcher.ask(k)
        losses.append(float(problem(config)))
        times.append(milliseconds)
    searcher.close()
    return losses, times


class Known:
    """Best losses ever seen, and what random search reaches in ten trials, by problem."""

    def __init__(self, path, module):
        self.path, self.module = path, module
        self.table = json.load(open(path)) if os.path.exists(path) else {}

    def entry(self, problem):
        if problem.name not in self.table:
            rng = np.random.RandomState(12345)
            configs = [self.module.rand_cfg(problem.space, rng) for _ in range(4000)]
            values = [float(v) for i in range(0, 4000, 500) for v in problem.batch(configs[i:i + 500])]
            tens = [min(values[i:i + 10]) for i in range(0, 4000, 10)]
            self.table[problem.name] = {"best": min(values), "random10": statistics.median(tens)}
        return self.table[problem.name]

    def save(self):
        with open(self.path, "w") as out:
            json.dump(self.table, out, indent=1)


def regret(problem, entry, losses, n):
    best = min(losses[:n])
    if problem.best is not None:
        return math.log10(max(best - problem.best, 1e-12))
    return (best - entry["best"]) / (entry["random10"] - entry["best"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", required=True)
    parser.add_argument("--suite", default="xgb")
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--slots", type=int, default=1)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--at", type=int, nargs="+", default=[25, 50, 100])
    parser.add_argument("--strategy", nargs="+", default=["bayesian"],
                        help="a kind, a JSON object as in a spec, or optuna-*")
    parser.add_argument("--known", default="/tmp/known.json")
    parser.add_argument("--binary", default="build/release/bench/coppice_bench_search")
    parser.add_argument("--log", help="append every run to this file, as JSON lines")
    args = parser.parse_args()
    sys.path.insert(0, args.problems)
    import problems as module
    known = Known(args.known, module)

    results = []
    for name in args.strategy:
        for seed in range(args.first_seed, args.first_seed + args.seeds):
            for problem in module.suite(args.suite, seed):
                if name.startswith("optuna-"):
                    searcher = Optuna(name[len("optuna-"):], problem, seed)
                else:
                    strategy = json.loads(name) if name.startswith("{") else {"kind": name}
                    searcher = Coppice(args.binary, strategy, problem, seed)
                losses, times = play(searcher, problem, args.trials, args.slots)
                results.append((name, seed, problem, losses, times))
                if args.log:
                    with open(args.log, "a") as out:
                        out.write(json.dumps({"strategy": name, "slots": args.slots, "seed": seed,
                                              "problem": problem.name, "losses": losses}) + "\n")
                if problem.best is None:
                    entry = known.entry(problem)
                    entry["best"] = min(entry["best"], min(losses))
    known.save()
    for name in args.strategy:
        mine = [r for r in results if r[0] == name]
        means = []
        for n in args.at:
            if n > args.trials:
                continue
            by_seed = {}
            for _, seed, problem, losses, _ in mine:
                entry = known.entry(problem) if problem.best is None else None
                by_seed.setdefault(seed, []).append(regret(problem, entry, losses, n))
            seeds = [statistics.mean(v) for v in by_seed.values()]
            spread = statistics.stdev(seeds) / math.sqrt(len(seeds)) if len(seeds) > 1 else float("nan")
            means.append(f"{n}: {statistics.mean(seeds):.3f} +- {spread:.3f}")
        times = [t for r in mine for t in r[4]]
        last = [t for r in mine for t in r[4][-10:]]
        print(f"{args.suite} P={args.slots} {name}: {', '.join(means)}; ms per proposal {statistics.mean(times):.1f}, "
              f"last ten {statistics.mean(last):.1f}", flush=True)


if __name__ == "__main__":
    main()
