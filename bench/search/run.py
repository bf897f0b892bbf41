#!/usr/bin/env python3
"""Runs strategies on tuning problems and prints their regret.

  bench/search/run.py --problems DIR --suite xgb --seeds 6 --slots 1 [--strategy bayesian random optuna-tpe]

DIR is as suites.py says. coppice's strategies are asked through build/release/bench/coppice_bench_search; `optuna-tpe`,
`optuna-tpe-group`, `optuna-gp` and `optuna-cmaes` need Optuna (compare.py compares with it in full).

With --slots P, trial k is proposed knowing the losses of trials 0 .. k - P. Regret of a problem with a known optimum is
log10 of the distance to it; else (best so far - best known) / (median best of 10 random trials - best known). What is
best known is kept in --known and gets better with every run; figures of two runs compare only with the same file.
"""
import argparse
import json
import math
import statistics

import suites
from searchers import CoppiceBench, Optuna


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
    parser.add_argument("--known", default="known.json")
    parser.add_argument("--binary", default="build/release/bench/coppice_bench_search")
    parser.add_argument("--log", help="append every run to this file, as JSON lines")
    args = parser.parse_args()
    module = suites.load(args.problems)
    known = suites.Known(args.known, module)

    results = []
    for name in args.strategy:
        for seed in range(args.first_seed, args.first_seed + args.seeds):
            for problem in module.suite(args.suite, seed):
                if name.startswith("optuna-"):
                    searcher = Optuna(name[len("optuna-"):], problem, seed)
                else:
                    strategy = json.loads(name) if name.startswith("{") else {"kind": name}
                    searcher = CoppiceBench(args.binary, strategy, problem, seed)
                losses, times = play(searcher, problem, args.trials, args.slots)
                results.append((name, seed, problem, losses, times))
                if args.log:
                    with open(args.log, "a") as out:
                        out.write(json.dumps({"strategy": name, "slots": args.slots, "seed": seed,
                                              "problem": problem.name, "losses": losses}) + "\n")
                known.saw(problem, losses)
    known.save()
    for name in args.strategy:
        mine = [r for r in results if r[0] == name]
        means = []
        for n in args.at:
            if n > args.trials:
                continue
            by_seed = {}
            for _, seed, problem, losses, _ in mine:
                by_seed.setdefault(seed, []).append(known.regret(problem, min(losses[:n])))
            seeds = [statistics.mean(v) for v in by_seed.values()]
            spread = statistics.stdev(seeds) / math.sqrt(len(seeds)) if len(seeds) > 1 else float("nan")
            means.append(f"{n}: {statistics.mean(seeds):.3f} +- {spread:.3f}")
        times = [t for r in mine for t in r[4]]
        last = [t for r in mine for t in r[4][-10:]]
        print(f"{args.suite} P={args.slots} {name}: {', '.join(means)}; ms per proposal {statistics.mean(times):.1f}, "
              f"last ten {statistics.mean(last):.1f}", flush=True)


if __name__ == "__main__":
    main()
