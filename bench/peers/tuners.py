"""Each tool's search on one job of tables.py, with the history of its best trial.

An entry of a history: "seconds" until the tool knew of it, "validation" (a loss), and what `refit` needs to train it
again on all rows but the test's. Peers count from where their libraries are loaded and the tables are read; coppice
counts from the start of its process.

As its documentation recommends it, each:
- optuna-lightgbm, optuna-xgboost: TPE, the median pruner with Optuna's callbacks, early stopping. LightGBM's ranges are
  those of Optuna's own example, with the learning rate beside them; XGBoost's are those that coppice takes by itself.
  The library's defaults are the first trial. Data are binned once. `layout` 2x1: two processes of one thread each share
  a journal, which is how Optuna wants to be run on several cores; 1x2: one process, trainings have two threads.
- flaml: AutoML with the estimators lgbm and xgboost (leaf-wise, and by depth).
- coppice: `"search": "auto"`, the rest as `coppice init` writes it.
"""
import json
import math
import multiprocessing
import os
import subprocess
import time
import warnings

import numpy

OBJECTIVES = {"binary": "binary:logistic", "regression": "reg:squarederror", "multiclass": "multi:softprob"}


def improvements(entries):
    """Those that are better than all before them."""
    kept = []
    for entry in sorted(entries, key=lambda e: e["seconds"]):
        if not kept or entry["validation"] < kept[-1]["validation"]:
            kept.append(entry)
    return kept


class Coppice:
    def __init__(self, job, options):
        self.job, self.options = job, options

    def search(self):
        data = {"train": "train.csv", "label": "label"}
        split = {"kind": "cv", "folds": self.job.folds, "test_fraction": 0}
        if not self.job.folds:
            data["validation"], split = "validation.csv", {"kind": "files"}
        spec = {"coppice": 1, "name": "job", "data": data, "split": split,
                "train": {"objective": OBJECTIVES[self.job.task], "num_round": self.options["rounds"]},
                "search": "auto", "objective": {"metric": self.job.metric},
                "stop": {"seconds": self.options["seconds"]}, "parallel": {"slots": 4},
                "seed": self.options["seed"]} | json.loads(self.options["more"])
        (self.job.folder / "spec.json").write_text(json.dumps(spec))
        begin = time.time()
        self._run("tune", "spec.json", "--threads", str(self.options["cores"]))
        self.wall = time.time() - begin
        events = [json.loads(line)
                  for line in (self.job.folder / "studies/job/log.jsonl").read_text().splitlines()]
        ended = [e for e in events if e["event"] == "trial_finished"]
        self.counts = {state: sum(e["state"] == state for e in ended) for state in ("completed", "pruned", "failed")}
        self.startup = min(e["time"] for e in events) - begin
        return improvements({"seconds": e["time"] - begin, "validation": self.job.as_loss(e["score"]),
                             "trial": e["trial"]} for e in ended if "score" in e)

    def refit(self, entry):
        import pandas
        done = self._run("retrain", "job", "--trial", str(entry["trial"]), "-o", "model.json", "--format", "json")
        entry["rounds"], entry["config"] = done["rounds"], done["config"]
        self._run("predict", "model.json", "test.csv", "-o", "predictions.csv", "--format", "csv")
        table = pandas.read_csv(self.job.folder / "predictions.csv")
        return table.drop(columns="class", errors="ignore").to_numpy().squeeze()

    def _run(self, *words):
        done = subprocess.run([self.options["coppice"], *words, "--quiet"], cwd=self.job.folder, check=True,
                              capture_output=True, text=True, env=os.environ | {"COPPICE_STORE": "studies"})
        return json.loads(done.stdout) if "json" in words else done.stdout


class LightGbm:
    """One configuration of LightGBM, for Optuna."""

    METRIC = {"auc": "auc", "rmse": "rmse", "mlogloss": "multi_logloss"}
    DEFAULT = {"learning_rate": 0.1, "num_leaves": 31, "lambda_l1": 1e-8, "lambda_l2": 1e-8, "feature_fraction": 1.0,
               "bagging_fraction": 1.0, "bagging_freq": 1, "min_child_samples": 20}

    def __init__(self, job, options):
        self.job, self.options = job, options
        self.fixed = {"objective": job.task, "metric": self.METRIC[job.metric], "verbosity": -1,
                      "seed": options["seed"], "num_threads": options["threads"], "feature_pre_filter": False}
        if job.task == "multiclass":
            self.fixed["num_class"] = job.classes

    def bin(self):
        import lightgbm
        self.data = lightgbm.Dataset(*self.job.train, params=self.fixed, free_raw_data=False).construct()
        if not self.job.folds:
            self.validation = self.data.create_valid(*self.job.validation)

    def suggest(self, trial):
        return {"learning_rate": trial.suggest_float("learning_rate", 0.005, 0.2, log=True),
                "num_leaves": trial.suggest_int("num_leaves", 2, 256),
                "lambda_l1": trial.suggest_float("lambda_l1", 1e-8, 10.0, log=True),
                "lambda_l2": trial.suggest_float("lambda_l2", 1e-8, 10.0, log=True),
                "feature_fraction": trial.suggest_float("feature_fraction", 0.4, 1.0),
                "bagging_fraction": trial.suggest_float("bagging_fraction", 0.4, 1.0),
                "bagging_freq": trial.suggest_int("bagging_freq", 1, 7),
                "min_child_samples": trial.suggest_int("min_child_samples", 5, 100)}

    def evaluate(self, trial):
        """(score, best round)"""
        import lightgbm
        from optuna_integration import LightGBMPruningCallback
        params = self.fixed | self.suggest(trial)
        metric = self.fixed["metric"]
        stop = lightgbm.early_stopping(self.options["patience"], verbose=False)
        if self.job.folds:
            curves = lightgbm.cv(params, self.data, self.options["rounds"], folds=self.job.split(),
                                 callbacks=[LightGBMPruningCallback(trial, metric, "valid"), stop])
            curve = curves[f"valid {metric}-mean"]
            return curve[-1], len(curve)  # cut off after the best round
        booster = lightgbm.train(params, self.data, self.options["rounds"], valid_sets=[self.validation],
                                 callbacks=[LightGBMPruningCallback(trial, metric), stop])
        return booster.best_score["valid_0"][metric], booster.best_iteration

    def refit(self, config, rounds, threads):
        import lightgbm
        params = self.fixed | config | {"num_threads": threads}
        return lightgbm.train(params, lightgbm.Dataset(*self.job.rest, params=params), rounds).predict(self.job.test[0])


class XgBoost:
    """One configuration of XGBoost, for Optuna."""

    DEFAULT = {"eta": 0.2, "max_depth": 6, "min_child_weight": 1.0, "subsample": 1.0, "colsample_bylevel": 1.0,
               "colsample_bynode": 1.0, "alpha": 1e-8, "lambda": 1.0, "grow_policy": "depthwise"}

    def __init__(self, job, options):
        self.job, self.options = job, options
        self.fixed = {"objective": OBJECTIVES[job.task], "eval_metric": job.metric, "tree_method": "hist",
                      "seed": options["seed"], "nthread": options["threads"], "verbosity": 0}
        if job.task == "multiclass":
            self.fixed["num_class"] = job.classes

    def _matrix(self, part, **of):
        import xgboost
        return xgboost.QuantileDMatrix(*part, enable_categorical=True, nthread=self.options["threads"], **of)

    def bin(self):
        if self.job.folds:
            import xgboost
            self.data = xgboost.DMatrix(*self.job.train, enable_categorical=True)  # the folds are cut out of it
        else:
            self.data = self._matrix(self.job.train)
            self.validation = self._matrix(self.job.validation, ref=self.data)

    def suggest(self, trial):
        params = {"eta": trial.suggest_float("eta", 0.005, 0.2, log=True),
                  "max_depth": trial.suggest_int("max_depth", 2, 11),
                  "min_child_weight": trial.suggest_float("min_child_weight", 0.001, 32.0, log=True),
                  "subsample": trial.suggest_float("subsample", 0.5, 1.0),
                  "colsample_bylevel": trial.suggest_float("colsample_bylevel", 0.6, 1.0),
                  "colsample_bynode": trial.suggest_float("colsample_bynode", 0.5, 1.0),
                  "alpha": trial.suggest_float("alpha", 1e-8, 5.0, log=True),
                  "lambda": trial.suggest_float("lambda", 1e-8, 20.0, log=True),
                  "grow_policy": trial.suggest_categorical("grow_policy", ["depthwise", "lossguide"])}
        if params["grow_policy"] == "lossguide":
            params["max_leaves"] = trial.suggest_int("max_leaves", 8, 1024, log=True)
        return params

    def evaluate(self, trial):
        """(score, best round)"""
        import xgboost
        from optuna_integration import XGBoostPruningCallback
        params = self.fixed | self.suggest(trial)
        metric = self.job.metric
        if self.job.folds:
            table = xgboost.cv(params, self.data, self.options["rounds"], folds=self.job.split(),
                               early_stopping_rounds=self.options["patience"],
                               callbacks=[XGBoostPruningCallback(trial, f"test-{metric}")])
            return float(table[f"test-{metric}-mean"].iloc[-1]), len(table)  # cut off after the best round
        booster = xgboost.train(params, self.data, self.options["rounds"], evals=[(self.validation, "validation")],
                                early_stopping_rounds=self.options["patience"], verbose_eval=False,
                                callbacks=[XGBoostPruningCallback(trial, f"validation-{metric}")])
        return booster.best_score, booster.best_iteration + 1

    def refit(self, config, rounds, threads):
        import xgboost
        params = self.fixed | config | {"nthread": threads}
        booster = xgboost.train(params, self._matrix(self.job.rest), rounds)
        return booster.predict(xgboost.DMatrix(self.job.test[0], enable_categorical=True))


def optuna_study(folder, job, options, worker):
    import optuna
    storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(folder / "journal.log")))
    return optuna.create_study(
        study_name="job", storage=storage, load_if_exists=True,
        sampler=optuna.samplers.TPESampler(seed=1000 * worker + options["seed"]),
        pruner=optuna.pruners.MedianPruner(n_warmup_steps=10),
        direction="maximize" if job.metric == "auc" else "minimize")


def optuna_worker(model, job, options, worker, deadline):
    warnings.filterwarnings("ignore")
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna_study(job.folder, job, options, worker)
    model.bin()

    def objective(trial):
        score, rounds = model.evaluate(trial)
        trial.set_user_attr("rounds", rounds)
        return score

    study.optimize(objective, timeout=deadline - time.time())


class Optuna:
    MODELS = {"optuna-lightgbm": LightGbm, "optuna-xgboost": XgBoost}

    def __init__(self, job, options):
        self.job, self.options = job, options
        self.workers, threads = map(int, options["layout"].split("x"))
        self.model = self.MODELS[options["tool"]](job, options | {"threads": threads})

    def search(self):
        import optuna
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        __import__({"optuna-lightgbm": "lightgbm", "optuna-xgboost": "xgboost"}[self.options["tool"]])
        import optuna_integration  # noqa: F401
        begin = time.time()
        self.startup = 0.0
        study = optuna_study(self.job.folder, self.job, self.options, 0)
        study.enqueue_trial(self.model.DEFAULT)
        fork = multiprocessing.get_context("fork")
        workers = [fork.Process(target=optuna_worker,
                                args=(self.model, self.job, self.options, k, begin + self.options["seconds"]))
                   for k in range(self.workers)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.wall = time.time() - begin
        if any(worker.exitcode for worker in workers):
            raise RuntimeError("a worker failed")
        trials = study.get_trials()
        state = optuna.trial.TrialState
        self.counts = {name: sum(t.state == s for t in trials)
                       for name, s in (("completed", state.COMPLETE), ("pruned", state.PRUNED), ("failed", state.FAIL))}
        return improvements(
            {"seconds": t.datetime_complete.timestamp() - begin, "validation": self.job.as_loss(t.value),
             "config": t.params, "rounds": t.user_attrs["rounds"]} for t in trials if t.state == state.COMPLETE)

    def refit(self, entry):
        rounds = max(1, round(entry["rounds"] * self.job.growth()))
        return self.model.refit(entry["config"], rounds, self.options["cores"])


class Flaml:
    METRIC = {"auc": "roc_auc", "rmse": "rmse", "mlogloss": "log_loss"}

    def __init__(self, job, options):
        self.job, self.options = job, options

    def search(self):
        import logging
        from flaml import AutoML
        logging.getLogger("flaml.automl.logger").setLevel(logging.ERROR)
        warnings.filterwarnings("ignore")
        self.automl = AutoML()
        log = str(self.job.folder / "flaml.log")
        split = {"eval_method": "cv", "n_splits": self.job.folds}
        if not self.job.folds:
            split = {"eval_method": "holdout", "X_val": self.job.validation[0], "y_val": self.job.validation[1]}
        begin = time.time()
        self.startup = 0.0
        self.automl.fit(*self.job.train, task="regression" if self.job.task == "regression" else "classification",
                        metric=self.METRIC[self.job.metric], time_budget=self.options["seconds"],
                        estimator_list=["lgbm", "xgboost", "xgb_limitdepth"], n_jobs=self.options["cores"],
                        seed=self.options["seed"], log_file_name=log, log_type="all", verbose=0, **split)
        self.wall = time.time() - begin
        with open(log) as lines:
            records = [r for r in map(json.loads, lines) if "config" in r]
        self.counts = {"completed": len(records), "pruned": 0, "failed": 0}
        return improvements({"seconds": r["wall_clock_time"], "validation": r["validation_loss"], "config": r["config"],
                             "learner": r["learner"]} for r in records if math.isfinite(r["validation_loss"]))

    def refit(self, entry):
        """As FLAML does at its end: the configuration with its rounds, on all rows."""
        from flaml.automl.state import AutoMLState
        from flaml.automl.task.factory import task_factory
        task = task_factory(self.job.task, *self.job.rest)
        config = AutoMLState.sanitize(entry["config"])
        model = task.estimator_class_from_str(entry["learner"])(
            task=task, n_jobs=self.options["cores"], **config)
        entry["rounds"] = config.get("n_estimators")
        model.fit(self.automl.preprocess(self.job.rest[0]), numpy.asarray(self.job.rest[1]))
        test = self.automl.preprocess(self.job.test[0])
        if self.job.task == "regression":
            return model.predict(test)
        probabilities = model.predict_proba(test)
        return probabilities[:, 1] if self.job.task == "binary" else probabilities


TOOLS = {"coppice": Coppice, "optuna-lightgbm": Optuna, "optuna-xgboost": Optuna, "flaml": Flaml}
