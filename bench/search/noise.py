#!/usr/bin/env python3
"""What `objective.noisy` is worth: the true regret of the configuration that one would take.

  bench/search/noise.py --problems DIR [--suite bbob] [--seeds 4] [--trials 60] [--noise 0.1 0.3]

DIR is as suites.py says. A loss is the problem's own with normal noise, whose standard deviation is that part of the
standard deviation of the losses of random configurations. Without `noisy` the configuration with the best loss is taken,
with it the one with the best mean over its trials, as the leaderboard does. What counts is that configuration's loss
without noise: (loss - best) / (median of random configurations - best), on a logarithmic scale for BBOB.
"""
import argparse
import math
import statistics
import zlib

import numpy as np

import suites
from searchers import CoppiceBench


def taken(losses):
    """The configuration with the best mean; `losses` by configuration."""
    return min(losses, key=lambda text: statistics.mean(losses[text]))


def true_loss(args, problem, is_noisy, noise, seed):
    rng = np.random.default_rng(zlib.crc32(f"{problem.name} {seed}".encode()))
    searcher = CoppiceBench(args.binary, {"kind": "bayesian", "noisy": is_noisy}, problem, seed)
    losses, configs = {}, {}
    for k in range(args.trials):
        config, _ = searcher.ask(k)
        loss = float(problem(config)) + noise * rng.standard_normal()
        searcher.tell(k, loss)
        text = str(sorted(config.items()))
        configs[text] = config
        losses.setdefault(text, []).append(loss)
    searcher.close()
    return float(problem(configs[taken(losses)])), max(map(len, losses.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", required=True)
    parser.add_argument("--suite", default="bbob")
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--noise", type=float, nargs="+", default=[0.1, 0.3])
    parser.add_argument("--binary", default="build/release/bench/coppice_bench_search")
    args = parser.parse_args()
    module = suites.load(args.problems)
    for share in args.noise:
        gains, most = [], []
        for seed in range(args.seeds):
            for problem in module.suite(args.suite, seed):
                rng = np.random.RandomState(1)
                random = [float(problem(module.rand_cfg(problem.space, rng))) for _ in range(200)]
                noise = share * statistics.stdev(random)
                best = problem.best if problem.best is not None else min(random)
                values = []
                for is_noisy in (False, True):
                    loss, replicates = true_loss(args, problem, is_noisy, noise, seed)
                    values.append((loss - best) / (statistics.median(random) - best))
                most.append(replicates)
                if problem.best is not None:
                    values = [math.log10(max(v, 1e-12)) for v in values]
                gains.append(values)
        plain, replicated = zip(*gains)
        difference = [b - a for a, b in gains]
        print(f"{args.suite}, noise {share}: regret {statistics.mean(plain):.3f}, with replicates "
              f"{statistics.mean(replicated):.3f}; difference {statistics.mean(difference):+.3f} +- "
              f"{statistics.stdev(difference) / math.sqrt(len(difference)):.3f} ({len(difference)} runs); most trials of "
              f"a configuration {statistics.mean(most):.1f}", flush=True)


if __name__ == "__main__":
    main()
