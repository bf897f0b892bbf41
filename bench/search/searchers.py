"""Searchers to compare: they give configurations of a problem's space and hear losses, lower is better."""
import json
import math
import os
import pathlib
import subprocess
import tempfile
import time

from suites import space_of


class CoppiceBench:
    """A strategy alone, without a study, through the program of bench/search_bench.cc."""

    def __init__(self, binary, strategy, problem, seed):
        self.process = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._send({"space": space_of(problem), "strategy": strategy, "seed": seed})

    def _send(self, line):
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def ask(self, _):
        self._send({"ask": True})
        answer = json.loads(self.process.stdout.readline())
        return answer["config"], answer["milliseconds"]

    def tell(self, trial, loss):
        self._send({"tell": trial, "loss": loss if math.isfinite(loss) else None})

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def optuna_sampler(kind, seed):
    """A sampler as Optuna's documentation recommends it, with its defaults; `tpe-group` is for conditions."""
    import optuna
    samplers = optuna.samplers
    if kind == "tpe":
        return samplers.TPESampler(seed=seed)
    if kind == "tpe-group":
        return samplers.TPESampler(seed=seed, multivariate=True, group=True)
    if kind == "cmaes":
        return samplers.CmaEsSampler(seed=seed)
    import torch
    torch.set_num_threads(1)  # its matrices are small: more threads make it slower
    return samplers.GPSampler(seed=seed)


class Optuna:
    """`start`: a configuration to try first, as the other side does."""

    def __init__(self, kind, problem, seed, start=None):
        import warnings

        import optuna
        warnings.filterwarnings("ignore", module="optuna")
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.study = optuna.create_study(sampler=optuna_sampler(kind, seed))
        if start is not None:
            self.study.enqueue_trial(start)
        self.problem = problem
        self.trials = []

    def ask(self, _):
        """The configuration, and the milliseconds of processor time that it took."""
        begin = time.process_time()
        trial = self.study.ask()
        config = {}
        for p in self.problem.space:
            if p.parent is not None and config.get(p.parent) not in p.allowed:
                continue
            if p.kind == "c":
                config[p.name] = trial.suggest_categorical(p.name, p.choices)
            elif p.kind == "i":
                config[p.name] = trial.suggest_int(p.name, p.lo, p.hi, log=p.log)
            else:
                config[p.name] = trial.suggest_float(p.name, p.lo, p.hi, log=p.log)
        self.trials.append(trial)
        return config, 1e3 * (time.process_time() - begin)

    def tell(self, trial, loss):
        self.study.tell(self.trials[trial], loss)

    def close(self):
        pass


class OptunaAtOnce:
    """Optuna with several trials running: as soon as one ends, the next is asked for."""

    def __init__(self, kind, problem, seed, trials, slots, start):
        self.searcher = Optuna(kind, problem, seed, start)
        self.trials, self.slots, self.begun = trials, slots, 0
        self.milliseconds = 0.0

    def _begin(self):
        config, milliseconds = self.searcher.ask(self.begun)
        self.milliseconds += milliseconds
        self.begun += 1
        return self.begun - 1, config

    def begin(self):
        return [self._begin() for _ in range(min(self.slots, self.trials))]

    def tell(self, trial, loss):
        """Ends a trial; the trials that begin now, with their numbers."""
        begin = time.process_time()
        self.searcher.tell(trial, loss)
        self.milliseconds += 1e3 * (time.process_time() - begin)
        return [self._begin()] if self.begun < self.trials else []

    def close(self):
        return self.milliseconds / self.trials


class CoppiceAsk:
    """`coppice ask`, as any program would use it: a study on the disk and a conversation in lines."""

    def __init__(self, program, problem, seed, trials, slots, strategy="bayesian", order="deterministic"):
        self.folder = tempfile.TemporaryDirectory()
        spec = {"coppice": 1, "name": "search", "search": space_of(problem),
                "objective": {"metric": "loss", "goal": "minimize"}, "strategy": {"kind": strategy},
                "stop": {"trials": trials}, "parallel": {"slots": slots, "order": order}, "seed": seed}
        path = pathlib.Path(self.folder.name)
        (path / "spec.json").write_text(json.dumps(spec))
        self.process = subprocess.Popen(
            [program, "ask", path / "spec.json", "--store", path / "studies", "--quiet"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.trials, self.slots, self.asap = trials, slots, order == "asap"
        self.begun, self.ended = 0, set()

    def _may_begin(self):
        """Trial k waits for trials 0 .. k - slots, or with `asap` for any so many."""
        if self.begun >= self.trials:
            return False
        needed = self.begun - self.slots + 1
        return len(self.ended) >= needed if self.asap else self.ended.issuperset(range(needed))

    def begin(self):
        begun = []
        while self._may_begin():
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError("coppice ended early")
            message = json.loads(line)
            begun.append((message["trial"], message["config"]))
            self.begun += 1
        return begun

    def tell(self, trial, loss):
        answer = {"trial": trial, "final": loss} if math.isfinite(loss) else {"trial": trial, "failed": "not finite"}
        self.process.stdin.write(json.dumps(answer) + "\n")
        self.process.stdin.flush()
        self.ended.add(trial)
        return self.begin()

    def close(self):
        """Milliseconds of processor time a trial, of the whole program, its start and its store included."""
        self.process.stdin.close()
        self.process.stdout.read()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.folder.cleanup()
        if self.ended == set(range(self.trials)) and self.process.returncode != 0:
            raise RuntimeError(f"coppice ended with {self.process.returncode}")
        return 1e3 * (usage.ru_utime + usage.ru_stime) / self.trials


def first_configuration(program, problem):
    """What coppice tries first without knowing anything: the middle of every range."""
    coppice = CoppiceAsk(program, problem, 0, 1, 1, "random")
    (_, config), = coppice.begin()
    coppice.close()
    return config
