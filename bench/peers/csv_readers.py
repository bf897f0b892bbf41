#!/usr/bin/env python3
"""Times reading a CSV file by coppice and by readers that people use.

  python3 -m venv peers && peers/bin/pip install xgboost lightgbm pandas pyarrow polars duckdb
  peers/bin/python bench/peers/csv_readers.py [--kinds numbers,mixed] [--threads 1] [--repeats 3]
      [--bench build/release/bench/coppice_bench_csv] [--folder DIR]

Two files of some 150 MB each are made in DIR (kept, and used again):

  numbers  700,000 x 28: numbers of six to nine digits, a few short ones
  mixed    1,000,000 x 10: quoted texts (some with commas and doubled quotes), words, dates, counts,
           numbers with gaps

Everyone runs in turn, each repeat in a process of its own that reads the file once; the file is in
the page cache. What is compared is megabytes a CPU second with one thread, and a second of the clock
with more; and the peak memory of the process. A reader that cannot read the file, or is not
installed, has no row. The check is the sum of the numbers, which all but XGBoost and LightGBM (they
hand none out) must agree on to a millionth.
"""
import argparse
import csv
import json
import pathlib
import random
import statistics
import subprocess
import sys
import time

ROWS = {"numbers": 700_000, "mixed": 1_000_000}
READERS = ("coppice", "pandas", "pyarrow", "polars", "duckdb", "xgboost", "lightgbm")


def write_numbers(path, n):
    rng = random.Random(1)
    with open(path, "w") as out:
        out.write(",".join(["y"] + [f"x{i}" for i in range(27)]) + "\n")
        for _ in range(n):
            row = [str(rng.randrange(2))] + [f"{rng.gauss(0, 1):.6f}" for _ in range(20)]
            row += [f"{rng.random() * 1000:.5f}" for _ in range(5)]
            row += [str(rng.randrange(100)), str(rng.randrange(10))]
            out.write(",".join(row) + "\n")


def write_mixed(path, n):
    rng = random.Random(2)
    streets = [f'{w} Street, No. {i} "{w[0]}"' for i, w in enumerate(
        "Ash Birch Cedar Elm Fir Hazel Larch Maple Oak Pine Rowan Willow".split() * 10)]
    colours = ["red", "green", "blue", "dark grey", "yellow"]
    with open(path, "w", newline="") as out:
        quoted = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        quoted.writerow(["y", "street", "colour", "day", "count", "a", "b", "c", "d", "code"])
        for _ in range(n):
            gap = rng.random() < 0.1
            quoted.writerow([rng.randrange(2), rng.choice(streets), rng.choice(colours),
                             f"2024-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
                             rng.randrange(5000), round(rng.gauss(0, 1), 6),
                             "" if gap else round(rng.random(), 4), round(rng.gauss(50, 9), 3),
                             rng.randrange(10 ** 6), f"K{rng.randrange(200)}"])


def peak_mb():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmHWM in /proc/self/status")


def read(who, path, threads):
    """The sum of all numbers but the label's, or None."""
    if who == "pandas":
        import pandas
        return lambda: pandas.read_csv(path), \
            lambda t: float(t.drop(columns="y").select_dtypes("number").sum().sum())
    if who == "pyarrow":
        import pyarrow
        import pyarrow.compute
        from pyarrow import csv as arrow
        pyarrow.set_cpu_count(threads)
        options = arrow.ReadOptions(use_threads=threads > 1)
        return lambda: arrow.read_csv(path, read_options=options), \
            lambda t: sum(float(pyarrow.compute.sum(t[c]).as_py()) for c in t.column_names
                          if c != "y" and t[c].type in (pyarrow.float64(), pyarrow.int64()))
    if who == "polars":
        import polars
        return lambda: polars.read_csv(path), \
            lambda t: float(sum(t[c].sum() for c in t.columns if c != "y" and t[c].dtype.is_numeric()))
    if who == "duckdb":
        import duckdb
        connection = duckdb.connect(config={"threads": threads})
        connection.execute("set enable_progress_bar = false")

        def load():
            connection.execute(f"create table t as select * from read_csv('{path}')")
            return connection

        def total(c):
            names = [n for n, kind, *_ in c.execute("describe t").fetchall()
                     if n != "y" and kind in ("DOUBLE", "BIGINT")]
            return float(c.execute("select " + "+".join(f"sum({n})" for n in names) +
                                   " from t").fetchone()[0])
        return load, total
    if who == "xgboost":
        import xgboost
        # It reads no header, so the file without one stands beside.
        return lambda: xgboost.DMatrix(f"{path}.bare?format=csv&label_column=0", nthread=threads), None
    import lightgbm
    return lambda: lightgbm.Dataset(str(path), params={"header": True, "label_column": "name:y",
                                                       "verbose": -1, "num_threads": threads}
                                    ).construct(), None


def run_peer(who, path, threads):
    load, total = read(who, path, threads)
    cpu, wall = time.process_time(), time.perf_counter()
    table = load()
    report = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall,
              "peak_mb": peak_mb()}
    report["sum"] = total(table) if total else None
    print(json.dumps(report))


def run_one(who, path, threads, bench):
    if who == "coppice":
        command = [str(bench), str(path), "y", str(threads), "1"]
    else:
        command = [sys.executable, __file__, "--peer", who, str(path), str(threads)]
    # The first reading with pyarrow's own allocator takes twice the time, of the system's.
    environment = {"POLARS_MAX_THREADS": str(threads), "OMP_NUM_THREADS": str(threads),
                   "ARROW_DEFAULT_MEMORY_POOL": "system"}
    import os
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    if done.returncode != 0:
        return {"failed": (done.stderr.strip().splitlines() or ["no message"])[-1]}
    report = json.loads(done.stdout.strip().splitlines()[-1])
    if who == "coppice":
        report |= {key: report[key][0] for key in ("cpu_s", "wall_s")}
    return report


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "--peer":
        return run_peer(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=pathlib.Path,
                        default=pathlib.Path("build/release/bench/coppice_bench_csv"))
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("/tmp"))
    for name, default in (("kinds", "numbers,mixed"), ("threads", "1"), ("who", ",".join(READERS))):
        parser.add_argument(f"--{name}", type=lambda text: text.split(","), default=default.split(","))
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    for kind in args.kinds:
        path = args.folder / f"coppice_{kind}.csv"
        if not path.exists():
            {"numbers": write_numbers, "mixed": write_mixed}[kind](path, ROWS[kind])
        bare = pathlib.Path(f"{path}.bare")
        if kind == "numbers" and not bare.exists():
            bare.write_text(path.read_text().split("\n", 1)[1])
        megabytes = path.stat().st_size / 1e6
        for threads in map(int, args.threads):
            clock = "cpu_s" if threads == 1 else "wall_s"
            runs = {who: [] for who in args.who}
            for _ in range(args.repeats):
                for who in args.who:
                    if kind == "mixed" and who in ("xgboost", "lightgbm"):
                        continue
                    runs[who].append(run_one(who, path, threads, args.bench))
            for who, reports in runs.items():
                good = [r for r in reports if "failed" not in r]
                if not good:
                    if reports:
                        print(f"{kind} {threads} {who}: {reports[0]['failed']}")
                    continue
                seconds = [r[clock] for r in good]
                print(f"| {kind} | {threads} | {who} | {megabytes / min(seconds):.0f} | "
                      f"{megabytes / statistics.median(seconds):.0f} | "
                      f"{max(r['peak_mb'] for r in good):.0f} | {good[0]['sum']} |", flush=True)


if __name__ == "__main__":
    main()
