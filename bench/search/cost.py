#!/usr/bin/env python3
"""What a proposal costs after 100, 300 and 1000 trials of ten parameters: processor time, milliseconds.

  bench/search/cost.py [--binary build/release/bench/coppice_bench_search] [--trials 100 300 1000]

The first number is of a proposal that fits hyperparameters (the first after a start or a resume, too), the second the
median of the next ten.
"""
import argparse
import json
import random
import statistics
import subprocess

SPACE = {f"x{i}": {"type": "float", "min": 0.0, "max": 1.0} for i in range(7)}
SPACE |= {f"n{i}": {"type": "int", "min": 1, "max": 100, "scale": "log"} for i in range(2)}
SPACE |= {"word": {"type": "categorical", "values": ["a", "b", "c"]}}


def loss(config):
    numbers = [config[f"x{i}"] for i in range(7)] + [config[f"n{i}"] / 100 for i in range(2)]
    return sum((i + 1) * (x - 0.3) ** 2 for i, x in enumerate(numbers)) + (config["word"] == "b")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="build/release/bench/coppice_bench_search")
    parser.add_argument("--strategy", default='{"kind": "bayesian"}')
    parser.add_argument("--trials", type=int, nargs="+", default=[100, 300, 1000])
    args = parser.parse_args()
    for n in args.trials:
        process = subprocess.Popen([args.binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def send(line):
            process.stdin.write(json.dumps(line) + "\n")
            process.stdin.flush()

        send({"space": SPACE, "strategy": json.loads(args.strategy), "seed": 1})
        rng = random.Random(1)
        for k in range(n):
            config = {f"x{i}": rng.random() ** 2 for i in range(7)}
            config |= {f"n{i}": rng.randint(1, 100) for i in range(2)}
            config["word"] = rng.choice("abc")
            send({"created": config})
            send({"tell": k, "loss": loss(config)})
        times = []
        for k in range(n, n + 11):
            send({"ask": True})
            answer = json.loads(process.stdout.readline())
            times.append(answer["milliseconds"])
            send({"tell": k, "loss": loss(answer["config"])})
        process.stdin.close()
        process.wait()
        print(f"{n} trials: {times[0]:.1f} ms, then {statistics.median(times[1:]):.1f} ms")


if __name__ == "__main__":
    main()
