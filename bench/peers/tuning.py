#!/usr/bin/env python3
"""`coppice tune` against Optuna with LightGBM, Optuna with XGBoost, and FLAML: the same tables, cores and seconds.

  python3 -m venv peers && peers/bin/pip install xgboost lightgbm scikit-learn pandas scipy matplotlib \\
      optuna optuna-integration[lightgbm,xgboost] flaml
  peers/bin/python bench/peers/tuning.py run --data DIR --log tuning.jsonl [--seconds 60] [--cores 2] [--seeds 0]
      [--jobs adult ...] [--tools coppice optuna-lightgbm optuna-xgboost flaml] [--coppice build/release/coppice]
  peers/bin/python bench/peers/tuning.py report --log tuning.jsonl [--output tuning]

Wants a machine without other work, with as many cores as --cores. DIR is as tables.py says, the tools are set up as
tuners.py says. `run` appends one line a run to the log and passes over what is there; the tools take turns in
beginning. `report` writes tuning.json, .md and .svg.

Every tool gets the same train and validation part (titanic: five folds, each tool's own) and after its seconds is asked
for the history of its best trial. Each of those is then trained again on the train and validation rows and scored on
the test part, which no tool ever sees; that is done after the seconds for everyone alike. Rounds grow in proportion to
the rows, but for FLAML, which keeps them by itself. A seed draws other parts, too. Losses are 1 - AUC, the RMSE and the
log loss. The time to a score is when a tool first has as good a one as the best peer has at the end of its seconds, on
the validation part and, apart from that, on the test part.
"""
import argparse
import json
import math
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

import tables
import tuners

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import paired  # noqa: E402

US = "coppice"
NAMES = {"coppice": "coppice", "optuna-lightgbm": "Optuna + LightGBM", "optuna-xgboost": "Optuna + XGBoost",
         "flaml": "FLAML"}


def processor_seconds():
    return sum(u.ru_utime + u.ru_stime
               for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def play(folder, options):
    """One tool on one job, in a process of its own; prints what came of it."""
    job = tables.Job(folder)
    tuner = tuners.TOOLS[options["tool"]](job, options)
    before = processor_seconds()
    history = tuner.search()
    used = processor_seconds() - before
    history = [e for e in history if e["seconds"] <= options["seconds"]]
    if not history:
        raise RuntimeError("no trial ended in time")
    for entry in history:
        entry["test"] = job.loss(job.test[1], tuner.refit(entry))
    print(json.dumps({"history": history, "trials": tuner.counts, "wall": tuner.wall, "startup": tuner.startup,
                      "cores_busy": used / tuner.wall}))


def untuned(folder, cores):
    """The test loss of XGBoost with its defaults: what tuning is to improve on."""
    job = tables.Job(folder)
    model = tuners.XgBoost(job, {"seed": 0, "threads": cores})
    print(json.dumps({"test": job.loss(job.test[1], model.refit({}, 100, cores))}))


def in_a_process(what, folder, options):
    done = subprocess.run([sys.executable, __file__, what, str(folder), json.dumps(options)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        return {"failed": (done.stderr.strip() or "no message").splitlines()[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def read_log(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def run(args):
    entries = read_log(args.log)
    done = {(e["job"], e["seed"], e["tool"]) for e in entries}
    for seed in args.seeds:
        for turn, name in enumerate(args.jobs):
            first = (turn + seed) % len(args.tools)
            tools = ["untuned"] + args.tools[first:] + args.tools[:first]
            for tool in tools:
                if (name, seed, tool) in done:
                    continue
                with tempfile.TemporaryDirectory() as made:
                    folder = pathlib.Path(made)
                    tables.write_job(name, args.data, seed, folder)
                    begin = time.perf_counter()
                    options = {"tool": tool, "seconds": args.seconds, "cores": args.cores, "seed": seed,
                               "rounds": args.rounds, "patience": args.patience,
                               "layout": args.layout or f"{args.cores}x1",
                               "coppice": str(args.coppice.resolve()), "more": args.spec}
                    result = in_a_process("--untuned" if tool == "untuned" else "--play", folder, options)
                entry = {"job": name, "seed": seed, "tool": tool, "seconds": args.seconds} | result
                with args.log.open("a") as out:
                    out.write(json.dumps(entry) + "\n")
                last = result["history"][-1] if result.get("history") else result
                print(f"{name} seed {seed} {tool}: {time.perf_counter() - begin:.0f} s in all; {last}"[:300],
                      file=sys.stderr, flush=True)


def reached(history, what, target):
    """When the loss was first as good as the target, or never."""
    return next((e["seconds"] for e in history if e[what] <= target), math.inf)


def compare(entries):
    """One row a job and seed: final losses, and the time to what the best peer has at the end."""
    by = {}
    for entry in entries:
        by.setdefault((entry["job"], entry["seed"]), {})[entry["tool"]] = entry
    rows = []
    for (job, seed), tools in sorted(by.items()):
        runs = {t: e for t, e in tools.items() if t in NAMES and e.get("history")}
        row = {"job": job, "seed": seed, "untuned": tools.get("untuned", {}).get("test"),
               "failed": {t: e["failed"] for t, e in tools.items() if "failed" in e},
               **{what: {t: e[what] for t, e in runs.items()} for what in ("trials", "startup", "cores_busy", "wall")}}
        for what in ("validation", "test"):
            row[what] = {t: e["history"][-1][what] for t, e in runs.items()}
            peers = {t: row[what][t] for t in runs if t != US}
            if US not in runs or not peers:
                continue
            best = min(peers, key=peers.get)
            row[f"best_peer_{what}"] = best
            row[f"time_{what}"] = {t: reached(runs[t]["history"], what, peers[best]) for t in (US, best)}
        rows.append(row)
    return rows


def over_jobs(rows, peer, what):
    """(ours - theirs) / theirs in percent, a mean over the seeds of each job."""
    jobs = {}
    for row in rows:
        if US in row[what] and peer in row[what]:
            jobs.setdefault(row["job"], []).append(100 * (row[what][US] / row[what][peer] - 1))
    return {job: statistics.mean(values) for job, values in jobs.items()}


def contrasts(rows):
    tests = []
    for what in ("validation", "test"):
        p_values, lines = {}, {}
        for peer in NAMES:
            differences = over_jobs(rows, peer, what) if peer != US else {}
            if len(differences) < 2:
                continue
            values = list(differences.values())
            p_values[peer] = paired.wilcoxon(values)
            lines[peer] = {"part": what, "peer": peer, "jobs": len(values), "better": sum(v < 0 for v in values),
                           "difference_percent": statistics.mean(values),
                           **dict(zip(("low", "high"), paired.interval([values]))), "p": p_values[peer]}
        for peer, p in paired.holm(p_values).items():
            tests.append(lines[peer] | {"p_holm": p})
    return tests


def seconds_text(value):
    return "never" if math.isinf(value) else f"{value:.1f}"


def speed_text(row, what):
    """'coppice s / best peer s = ratio' to the best peer's final loss."""
    best = row.get(f"best_peer_{what}")
    if best is None:
        return "-"
    ours, theirs = row[f"time_{what}"][US], row[f"time_{what}"][best]
    ratio = f", {theirs / ours:.1f}x" if math.isfinite(ours) else ""
    return f"{seconds_text(ours)} / {seconds_text(theirs)} ({NAMES[best]}){ratio}"


def markdown(rows, tests):
    lines = []
    names = " | ".join(NAMES.values())
    for what, title in (("test", "Test loss"), ("validation", "Validation loss")):
        lines += [f"| {title} | seed | untuned | {names} | s to the best peer's: coppice / peer |",
                  "|---|--:|--:|" + "--:|" * len(NAMES) + "---|"]
        for row in rows:
            cells = [row["job"], str(row["seed"]),
                     f"{row['untuned']:.5g}" if what == "test" and row["untuned"] is not None else ""]
            cells += [f"{row[what][t]:.5g}" if t in row[what] else "failed" for t in NAMES]
            lines.append("| " + " | ".join(cells + [speed_text(row, what)]) + " |")
        lines.append("")
    lines += [f"| trials (pruned), cores busy | seed | {names} | s to coppice's first trial |",
              "|---|--:|" + "---|" * len(NAMES) + "--:|"]
    for row in rows:
        cells = [row["job"], str(row["seed"])]
        for tool in NAMES:
            counts = row["trials"].get(tool)
            busy = row["cores_busy"].get(tool)
            cells.append(f"{sum(counts.values())} ({counts['pruned']}), {busy:.2f}" if counts else "failed")
        lines.append("| " + " | ".join(cells + [f"{row['startup'].get(US, math.nan):.2f}"]) + " |")
    lines += ["", "| part | against | better on | mean difference | 95 % interval | p | p (Holm) |",
              "|---|---|--:|--:|--:|--:|--:|"]
    for t in tests:
        lines.append(f"| {t['part']} | {NAMES[t['peer']]} | {t['better']} of {t['jobs']} | "
                     f"{t['difference_percent']:+.2f} % | {t['low']:+.2f} .. {t['high']:+.2f} | {t['p']:.3f} | "
                     f"{t['p_holm']:.3f} |")
    return "\n".join(lines) + "\n"


def plot(entries, path):
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import LogLocator
    colours = dict(zip(NAMES, ("#c0392b", "#1e8449", "#2471a3", "#7d3c98")))
    jobs = sorted({e["job"] for e in entries})
    seed = min(e["seed"] for e in entries)
    figure, axes = plt.subplots(2, len(jobs), figsize=(3.6 * len(jobs), 6), squeeze=False, layout="constrained")
    for column, job in enumerate(jobs):
        runs = [e for e in entries if (e["job"], e["seed"]) == (job, seed) and e.get("history")]
        for row, what in enumerate(("validation", "test")):
            axis = axes[row][column]
            for entry in runs:
                x = [h["seconds"] for h in entry["history"]] + [entry["seconds"]]
                y = [h[what] for h in entry["history"]]
                axis.step(x, y + y[-1:], where="post", color=colours[entry["tool"]],
                          linewidth=2 if entry["tool"] == US else 1.3)
            seen = [h[what] for e in runs for h in e["history"]]
            if seen:  # the worst beginnings would flatten the rest
                low = min(seen)
                high = max(numpy.quantile(seen, 0.8), *(e["history"][-1][what] for e in runs))
                margin = 0.05 * (high - low)
                axis.set_ylim(low - margin, high + margin)
            axis.set_xscale("log")
            axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.xaxis.set_major_formatter("{x:g}")
            axis.xaxis.set_minor_formatter("")
            axis.set_title(f"{job}, {what}", fontsize=10)
            axis.set_xlabel("seconds")
            axis.grid(alpha=0.25)
    figure.legend([plt.Line2D([], [], color=colour) for colour in colours.values()], list(NAMES.values()),
                  loc="outside lower center", ncols=len(NAMES), fontsize=9)
    figure.savefig(path)


def without_infinities(value):
    if isinstance(value, dict):
        return {k: without_infinities(v) for k, v in value.items()}
    return None if isinstance(value, float) and math.isinf(value) else value


def report(args):
    entries = read_log(args.log)
    rows = compare(entries)
    tests = contrasts(rows)
    text = markdown(rows, tests)
    args.output.with_suffix(".json").write_text(
        json.dumps({"runs": [without_infinities(r) for r in rows], "tests": tests}, indent=1))
    args.output.with_suffix(".md").write_text(text)
    plot([e for e in entries if e["tool"] in NAMES], args.output.with_suffix(".svg"))
    print(text)


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--play":
        return play(pathlib.Path(sys.argv[2]), json.loads(sys.argv[3]))
    if len(sys.argv) == 4 and sys.argv[1] == "--untuned":
        return untuned(pathlib.Path(sys.argv[2]), json.loads(sys.argv[3])["cores"])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name in ("run", "report"):
        verb = verbs.add_parser(name)
        verb.add_argument("--log", type=pathlib.Path, default=pathlib.Path("tuning.jsonl"))
        if name == "report":
            verb.add_argument("--output", type=pathlib.Path, default=pathlib.Path("tuning"))
            continue
        verb.add_argument("--data", type=pathlib.Path, required=True)
        verb.add_argument("--coppice", type=pathlib.Path, default=pathlib.Path("build/release/coppice"))
        verb.add_argument("--seconds", type=float, default=60)
        verb.add_argument("--cores", type=int, default=2)
        verb.add_argument("--seeds", type=int, nargs="+", default=[0])
        verb.add_argument("--jobs", nargs="+", choices=list(tables.JOBS), default=list(tables.JOBS))
        verb.add_argument("--tools", nargs="+", choices=list(NAMES), default=list(NAMES))
        verb.add_argument("--rounds", type=int, default=2000, help="the most that coppice and Optuna's trials may have")
        verb.add_argument("--patience", type=int, default=30, help="rounds without a gain, for Optuna's")
        verb.add_argument("--layout", help="Optuna's processes x threads; default: a process for each core")
        verb.add_argument("--spec", default="{}", help="JSON laid over coppice's spec")
    args = parser.parse_args()
    run(args) if args.verb == "run" else report(args)


if __name__ == "__main__":
    main()
