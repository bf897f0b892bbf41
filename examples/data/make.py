"""Makes the example tables from the data files of the scikit-learn package and three originals.

    python make.py FOLDER [ORIGINALS]    # needs scikit-learn 1.1 or later; writes to FOLDER

ORIGINALS is a folder with `day.csv` (UCI Bike Sharing), `winequality-red.csv` (UCI Wine Quality) and
`veterans_lung_cancer.csv` (XGBoost's demo of survival data); without it, the tables that are made of
them are left as they are.

The values are those of the sources, digit for digit; README.md says what was changed around them.
The packed file has no time in it, so that equal input gives equal bytes.
"""

import collections
import csv
import gzip
import io
import pathlib
import sys

import sklearn.datasets

PACKAGE = pathlib.Path(sklearn.datasets.__file__).parent / "data"


def rows_of(name, delimiter=","):
    path = PACKAGE / name
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else open(path, newline="")
    with opened as text:
        return [row for row in csv.reader(text, delimiter=delimiter) if row]


def table_of(header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("ascii")


def plain(name):
    return name.replace(" ", "_").replace("/", "_")


def classified(file, bunch, label):
    """The package's layout: a first line of counts, then features and class number."""
    header = [label] + [plain(name) for name in bunch.feature_names]
    names = list(bunch.target_names)
    return table_of(header, [[names[int(row[-1])]] + row[:-1] for row in rows_of(file)[1:]])


def diabetes():
    names = sklearn.datasets.load_diabetes().feature_names
    targets = [f"{float(row[0]):g}" for row in rows_of("diabetes_target.csv.gz")]
    features = rows_of("diabetes_data_raw.csv.gz", " ")
    return table_of(["progression"] + names, [[y] + x for y, x in zip(targets, features)])


def digits():
    header = ["digit"] + [f"pixel_{y}_{x}" for y in range(8) for x in range(8)]
    rows = [[f"{float(value):g}" for value in row] for row in rows_of("digits.csv.gz")]
    table = table_of(header, [[row[-1]] + row[:-1] for row in rows])
    return gzip.compress(table, compresslevel=9, mtime=0)


def diabetes_parts():
    """The rows in their order, as three files: 302 to learn from, 70 to choose by, 70 to judge by."""
    header, *rows = diabetes().splitlines(keepends=True)
    parts = {"train": rows[:302], "validation": rows[302:372], "test": rows[372:]}
    return {f"diabetes_{name}.csv": header + b"".join(part) for name, part in parts.items()}


def bike_days(path):
    """The label first; the file's own order, which is that of time."""
    header, *rows = csv.reader(open(path, newline=""))
    return table_of([header[-1]] + header[:-1], [[row[-1]] + row[:-1] for row in rows])


def wine_quality(path):
    """Equal rows as one row with their number, in the order of first occurrence."""
    header, *rows = csv.reader(open(path, newline=""), delimiter=";")
    counts = collections.Counter(tuple(row) for row in rows)
    return table_of(["quality", "count"] + [plain(name) for name in header[:-1]],
                    [[row[-1], n, *row[:-1]] for row, n in counts.items()])


def lung(path):
    """Columns of zeros and ones become words again; whole numbers have no fraction."""
    def word(row, column):
        return next(name.partition("=")[2] for name, value in row.items()
                    if name.startswith(column + "=") and value == "1")

    numbers = {"days_from": "Survival_label_lower_bound", "days_to": "Survival_label_upper_bound",
               "age": "Age_in_years", "karnofsky": "Karnofsky_score",
               "months_since_diagnosis": "Months_from_Diagnosis"}
    words = {"cell_type": "Celltype", "prior_therapy": "Prior_therapy", "treatment": "Treatment"}
    rows = [[f"{float(row[name]):g}" for name in numbers.values()]
            + [word(row, name) for name in words.values()]
            for row in csv.DictReader(open(path, newline=""))]
    return table_of([*numbers, *words], rows)


def main(folder, originals=None):
    data = sklearn.datasets
    tables = {
        "breast_cancer.csv": classified("breast_cancer.csv", data.load_breast_cancer(), "diagnosis"),
        "wine.csv": classified("wine_data.csv", data.load_wine(), "cultivar"),
        "diabetes.csv": diabetes(),
        "digits.csv.gz": digits(),
        **diabetes_parts(),
    }
    if originals:
        originals = pathlib.Path(originals)
        tables["bike_days.csv"] = bike_days(originals / "day.csv")
        tables["wine_quality.csv"] = wine_quality(originals / "winequality-red.csv")
        tables["lung.csv"] = lung(originals / "veterans_lung_cancer.csv")
    for name, content in tables.items():
        (pathlib.Path(folder) / name).write_bytes(content)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
