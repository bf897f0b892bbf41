"""Public tables as tuning jobs: a train, a validation and a test part, the same for every tool.

The folder holds the UCI files by their usual names (adult/adult.data, titanic/titanic3.csv,
california_housing/housing.csv, dry_bean/dry_bean.csv, bike_sharing/hour.csv). Needs pandas and numpy.
"""
import json

import numpy
import pandas

ADULT = ("age workclass fnlwgt education education-num marital-status occupation relationship race "
         "sex capital-gain capital-loss hours-per-week native-country income").split()

# Task, the metric in XGBoost's words, and whether trials are judged by five folds: where a validation part would be too
# small to choose by.
JOBS = {"adult": ("binary", "auc", False), "titanic": ("binary", "auc", True),
        "california_housing": ("regression", "rmse", False), "bike_sharing": ("regression", "rmse", False),
        "dry_bean": ("multiclass", "mlogloss", False)}
FOLDS = 5


def load(name, folder):
    """A table of features and its label as numbers; texts stay texts."""
    if name == "adult":
        table = pandas.read_csv(folder / "adult/adult.data", header=None, names=ADULT,
                                skipinitialspace=True, na_values="?")
        return table.drop(columns="income"), (table.income == ">50K").astype(int)
    if name == "titanic":
        table = pandas.read_csv(folder / "titanic/titanic3.csv")
        # Names and what became known after the voyage are left out.
        unused = ["survived", "name", "ticket", "cabin", "boat", "body", "home.dest"]
        return table.drop(columns=unused), table.survived
    if name == "california_housing":
        table = pandas.read_csv(folder / "california_housing/housing.csv")
        return table.drop(columns="median_house_value"), table.median_house_value
    if name == "bike_sharing":
        table = pandas.read_csv(folder / "bike_sharing/hour.csv")
        return table.drop(columns=["instant", "dteday", "casual", "registered", "cnt"]), table.cnt
    table = pandas.read_csv(folder / "dry_bean/dry_bean.csv")
    return table.drop(columns="Class"), table.Class.astype("category").cat.codes


def write_job(name, folder, seed, to):
    """Draws the parts: a quarter for the test, of the rest a fifth for validation (none with folds)."""
    features, label = load(name, folder)
    table = features.copy()
    table.insert(0, "label", label)
    order = numpy.random.default_rng([seed, len(table)]).permutation(len(table))
    task, metric, folds = JOBS[name]
    n_test = len(table) // 4
    n_validation = 0 if folds else (len(table) - n_test) // 5
    parts = {"test": order[:n_test], "validation": order[n_test:n_test + n_validation],
             "train": order[n_test + n_validation:]}
    for part, rows in parts.items():
        if len(rows):
            table.iloc[rows].to_csv(to / f"{part}.csv", index=False)
    words = {column: sorted(table[column].dropna().unique())
             for column in features.columns if not pandas.api.types.is_numeric_dtype(features[column])}
    (to / "job.json").write_text(json.dumps(
        {"name": name, "task": task, "metric": metric, "folds": FOLDS if folds else 0, "words": words,
         "classes": int(label.max()) + 1 if task != "regression" else 1, "seed": seed}))


class Job:
    """A job as a Python tool takes it: pandas tables with category columns."""

    def __init__(self, folder):
        self.folder = folder
        for key, value in json.loads((folder / "job.json").read_text()).items():
            setattr(self, key, value)
        self.train = self._part("train")
        self.test = self._part("test")
        self.validation = None if self.folds else self._part("validation")
        # What a model for use learns from.
        self.rest = self.train if self.folds else tuple(
            pandas.concat(pair, ignore_index=True) for pair in zip(self.train, self.validation))

    def _part(self, part):
        table = pandas.read_csv(self.folder / f"{part}.csv")
        label = table.pop("label")
        for column, words in self.words.items():
            table[column] = pandas.Categorical(table[column], categories=words)
        return table, label

    def split(self):
        """(train rows, validation rows) of each fold."""
        from sklearn.model_selection import KFold, StratifiedKFold
        kind = KFold if self.task == "regression" else StratifiedKFold
        return list(kind(self.folds, shuffle=True, random_state=self.seed).split(*self.train))

    def growth(self):
        """How many times the rows of one training in the search a model for use has."""
        return self.folds / (self.folds - 1) if self.folds else len(self.rest[1]) / len(self.train[1])

    def loss(self, label, prediction):
        """1 - AUC, the RMSE or the log loss: better when smaller."""
        from sklearn.metrics import log_loss, roc_auc_score
        prediction = numpy.asarray(prediction, float)
        if self.metric == "auc":
            return 1 - float(roc_auc_score(label, prediction))
        if self.metric == "rmse":
            return float(numpy.sqrt(numpy.mean((numpy.asarray(label) - prediction) ** 2)))
        return float(log_loss(label, prediction.reshape(len(label), -1), labels=list(range(self.classes))))

    def as_loss(self, score):
        return 1 - score if self.metric == "auc" else score
