#!/usr/bin/env python3
"""Lets coppice choose the parameters of a function: a program that evaluates trials.

  python3 examples/ask.py build/release/coppice examples/08_ask.json
"""
import json
import subprocess
import sys


def distance(config):
    """To be made small; the best point is at x = 0.3, y = 2."""
    return (config["x"] - 0.3) ** 2 + (config["y"] - 2) ** 2


program, spec, *flags = sys.argv[1:]
with subprocess.Popen([program, "ask", spec, *flags], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                      text=True) as coppice:
    for line in coppice.stdout:
        message = json.loads(line)
        if "config" in message:
            answer = {"trial": message["trial"], "final": distance(message["config"])}
            print(json.dumps(answer), file=coppice.stdin, flush=True)
        elif "done" in message:
            print("best:", message["best"]["config"], "distance", message["best"]["score"])
            break
sys.exit(coppice.returncode)
