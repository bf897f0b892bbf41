#!/usr/bin/env python3
"""How near do the forecasts of `coppice check` come to what the study then takes?

For each table: `init`, `check --only memory,time`, then the study itself, in a folder of its own.
Wall seconds and the largest resident set are those of the `tune` process.

    bench/forecast.py --coppice build/release/coppice titanic.csv:survived adult.data:14 ...

`--set` goes to both. Nothing else should run on the machine meanwhile; with neighbours, compare the
processor seconds too, which are printed beside.
"""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import time


def run(command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options)


def forecasts(coppice, spec, sets):
    """The findings of `check` that are a number: bytes and seconds."""
    done = subprocess.run([coppice, "check", spec, "--only", "memory,time", "--format", "json", *sets],
                          capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    rows = json.loads(done.stdout)
    first = {}
    for row in rows:
        first.setdefault(row["check"], row)
    return first


def study(coppice, spec, store, sets):
    """Seconds, processor seconds and the peak of memory in bytes of one `tune`."""
    start = time.monotonic()
    child = subprocess.Popen([coppice, "tune", spec, "--store", store, "--quiet", *sets],
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(child.stderr.read().decode())
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--coppice", default="build/release/coppice")
    parser.add_argument("--set", action="append", default=[], help="as of coppice")
    parser.add_argument("tables", nargs="+", help="FILE:LABEL")
    given = parser.parse_args()
    coppice = os.path.abspath(given.coppice)
    sets = [word for change in given.set for word in ("--set", change)]
    print("| table | rehearsal | seconds: forecast | taken | ratio | processor seconds | "
          "memory: forecast | taken | ratio |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    for table in given.tables:
        path, label = table.rsplit(":", 1)
        with tempfile.TemporaryDirectory() as folder:
            spec = os.path.join(folder, "spec.json")
            run([coppice, "init", "--data", path, "--label", label, "-o", spec, "--quiet"])
            said = forecasts(coppice, spec, sets)
            seconds, processor, peak = study(coppice, spec, os.path.join(folder, "store"), sets)
        wanted, room = said["time"]["number"], said["memory"]["number"]
        rehearsal = said["time"]["finding"].split("; ")[-1].replace(" were rehearsed", "")
        print(f"| {pathlib.Path(path).name} | {rehearsal} | {wanted:.1f} | {seconds:.1f} | "
              f"{wanted / seconds:.2f} | {processor:.1f} | {room / 1e6:.0f} MB | {peak / 1e6:.0f} MB | "
              f"{room / peak:.2f} |", flush=True)


if __name__ == "__main__":
    main()
