"""The tuning problems of a folder, and what a loss on one of them is worth.

The folder holds problems.py with suite(name, seed): problems with a name, a space (name, kind f/i/c, lo, hi, log,
choices, parent, allowed) and a call from a configuration to a loss, and rand_cfg(space, rng).
"""
import importlib
import json
import math
import os
import re
import statistics
import sys

import numpy as np


def load(folder):
    sys.path.insert(0, folder)
    return importlib.import_module("problems")


def space_of(problem):
    """The `search` of a spec."""
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


def check(problem, config):
    """Raises ValueError unless a configuration is one of the space: nobody wins by leaving it."""
    active = {p.name: p for p in problem.space if p.parent is None or config.get(p.parent) in p.allowed}
    if set(config) != set(active):
        raise ValueError(f"{problem.name}: parameters {sorted(config)} instead of {sorted(active)}")
    for name, p in active.items():
        value = config[name]
        if (value not in p.choices) if p.kind == "c" else not p.lo <= value <= p.hi or p.kind == "i" and value % 1:
            raise ValueError(f"{problem.name}: {name} is {value}")


def family(name):
    """What problems of different seeds have in common: a BBOB function without its instance."""
    return re.sub(r"_i\d+$", "", name)


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

    def saw(self, problem, losses):
        if problem.best is None:
            entry = self.entry(problem)
            entry["best"] = min([entry["best"], *losses])

    def save(self):
        with open(self.path, "w") as out:
            json.dump(self.table, out, indent=1)

    def regret(self, problem, best):
        """Of the best loss so far: log10 of the distance to the optimum where that is known; else 0 is the best known
        and 1 what random search reaches."""
        if problem.best is not None:
            return math.log10(max(best - problem.best, 1e-12))
        entry = self.entry(problem)
        return (best - entry["best"]) / (entry["random10"] - entry["best"])
