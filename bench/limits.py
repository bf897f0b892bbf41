"""How well limits are kept, by what a study's own log says.

    python3 bench/limits.py time --coppice build/release/coppice     time limits, in the middle of rounds
    python3 bench/limits.py load --coppice build/release/coppice     trials a second beside other load

`time` should stay within 5 % or 0.2 s of each limit, whichever is more. `load` runs the same study
alone and beside one busy process for each core at the same niceness: half the machine should do
about half the work; much less would mean that threads wait for one another.
"""
import argparse
import json
import os
import sqlite3
import subprocess
import tempfile
import time


def make_table(program, folder, rows, columns):
    table = os.path.join(folder, "table.csv")
    subprocess.run([program, "synth", "--rows", str(rows), "--features", str(columns), "--seed", "1",
                    "-o", table], check=True, stdout=subprocess.DEVNULL)
    return table


def run_study(program, folder, name, table, more):
    spec = {"coppice": 1, "name": name, "data": {"train": table},
            "split": {"kind": "holdout"}, "train": {"objective": "binary:logistic", "num_round": 5000, "max_depth": 12, "eta": 0.01},
            "search": {"lambda": {"type": "float", "min": 0.1, "max": 10, "scale": "log"}},
            "strategy": {"kind": "random"}, "prune": {"kind": "none"}}
    for section, values in more.items():
        spec.setdefault(section, {}).update(values)
    path = os.path.join(folder, name + ".json")
    with open(path, "w") as file:
        json.dump(spec, file)
    started = time.monotonic()
    subprocess.run([program, "tune", path, "--quiet", "--store", folder], check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - started
    store = sqlite3.connect(os.path.join(folder, name, "study.db"))
    elapsed = store.execute("SELECT max(elapsed_seconds) FROM events").fetchone()[0]
    trials = store.execute("SELECT state, seconds, reason FROM trials").fetchall()
    return seconds, elapsed, trials


def line(**values):
    print(json.dumps(values), flush=True)


def measure_time(program, rows, columns):
    with tempfile.TemporaryDirectory() as folder:
        table = make_table(program, folder, rows, columns)
        for limit in (1, 4, 10):
            allowed = max(0.2, 0.05 * limit)
            _, elapsed, _ = run_study(program, folder, f"study{limit}", table,
                                      {"stop": {"seconds": limit}})
            line(limit="stop.seconds", seconds=limit, over=round(elapsed - limit, 3),
                 allowed=allowed, kept=elapsed - limit <= allowed)
            _, _, trials = run_study(program, folder, f"trial{limit}", table,
                                     {"stop": {"trials": 2}, "limits": {"trial_seconds": limit},
                                      "parallel": {"slots": 1}})
            over = max(seconds for _, seconds, _ in trials) - limit
            line(limit="limits.trial_seconds", seconds=limit, over=round(over, 3), allowed=allowed,
                 kept=over <= allowed, reasons=[reason for _, _, reason in trials])


def measure_load(program, rows, columns):
    more = {"stop": {"trials": 12}, "train": {"num_round": 40, "max_depth": 8}}
    with tempfile.TemporaryDirectory() as folder:
        table = make_table(program, folder, rows, columns)
        alone, _, _ = run_study(program, folder, "alone", table, more)
        busy = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(os.cpu_count())]
        try:
            beside, _, _ = run_study(program, folder, "beside", table, more)
        finally:
            for process in busy:
                process.kill()
        line(alone_seconds=round(alone, 2), beside_seconds=round(beside, 2),
             share=round(alone / beside, 3), fair_share=0.5)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["time", "load"])
    parser.add_argument("--coppice", required=True)
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--columns", type=int, default=50)
    options = parser.parse_args()
    measure = measure_time if options.what == "time" else measure_load
    measure(os.path.abspath(options.coppice), options.rows, options.columns)


if __name__ == "__main__":
    main()
