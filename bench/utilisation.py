"""How much of the machine a study uses, and how long it takes to begin.

    python3 bench/utilisation.py use --coppice build/release/coppice      processor time over a study
    python3 bench/utilisation.py start --coppice build/release/coppice    from the call to the first round

`use` runs 60 trials of 5 folds once in the deterministic order, once as soon as possible, and prints
the processor's time as a share of all cores' time over the whole call, and how much of the call was
before the first trial and behind the last. Under 0.95 would mean that cores wait. `start` trains one
round on 1,000,000 x 28, three times, and prints the parts. Both want an idle machine.
"""
import argparse
import json
import os
import resource
import sqlite3
import subprocess
import tempfile
import time

from limits import line, make_table


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def timed(command):
    cpu, wall = cpu_seconds(), time.monotonic()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True)
    return cpu_seconds() - cpu, time.monotonic() - wall, done.stdout


def measure_use(program, rows):
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        table = make_table(program, folder, rows, 28)
        for order in ("deterministic", "asap"):
            spec = {"coppice": 1, "name": order, "data": {"train": table},
                    "split": {"kind": "cv", "folds": 5}, "search": "auto",
                    "train": {"objective": "binary:logistic", "num_round": 200},
                    "strategy": {"kind": "bayesian"}, "stop": {"trials": 60},
                    "parallel": {"slots": 4, "threads": cores, "order": order}}
            path = os.path.join(folder, order + ".json")
            with open(path, "w") as file:
                json.dump(spec, file)
            cpu, wall, _ = timed([program, "tune", path, "--quiet", "--store", folder])
            store = sqlite3.connect(os.path.join(folder, order, "study.db"))
            first, last = store.execute(
                "SELECT min(elapsed_seconds), max(elapsed_seconds) FROM events").fetchone()
            trials = store.execute("SELECT count(*), sum(seconds) FROM trials").fetchone()
            line(order=order, cores=cores, trials=trials[0], seconds=round(wall, 2),
                 cpu_seconds=round(cpu, 2), share=round(cpu / wall / cores, 3),
                 seconds_of_trials=round(last - first, 2),
                 seconds_around=round(wall - (last - first), 2))


def measure_start(program, rows):
    with tempfile.TemporaryDirectory() as folder:
        table = make_table(program, folder, rows, 28)
        spec = {"coppice": 1, "name": "start", "data": {"train": table},
                "split": {"kind": "holdout"},
                "train": {"objective": "binary:logistic", "num_round": 1}}
        path = os.path.join(folder, "start.json")
        with open(path, "w") as file:
            json.dump(spec, file)
        for i in range(3):
            cpu, wall, out = timed([program, "train", path, "--format", "json", "--quiet",
                                    "--store", os.path.join(folder, str(i))])
            parts = json.loads(out)["seconds"]
            line(megabytes=round(os.path.getsize(table) / 1e6), seconds=round(wall, 3),
                 cpu_seconds=round(cpu, 3), parts={k: round(v, 3) for k, v in parts.items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["use", "start"])
    parser.add_argument("--coppice", required=True)
    parser.add_argument("--rows", type=int)
    options = parser.parse_args()
    program = os.path.abspath(options.coppice)
    if options.what == "use":
        measure_use(program, options.rows or 50000)
    else:
        measure_start(program, options.rows or 1000000)


if __name__ == "__main__":
    main()
