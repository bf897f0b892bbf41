"""Makes the example tables from the data files of the scikit-learn package.

    python make.py FOLDER        # needs scikit-learn 1.1 or later; writes the tables to FOLDER

The values are those of the package, digit for digit; only header lines, class names and the place of
the label are added. The packed file has no time in it, so that equal input gives equal bytes.
"""

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


def main(folder):
    data = sklearn.datasets
    tables = {
        "breast_cancer.csv": classified("breast_cancer.csv", data.load_breast_cancer(), "diagnosis"),
        "wine.csv": classified("wine_data.csv", data.load_wine(), "cultivar"),
        "diabetes.csv": diabetes(),
        "digits.csv.gz": digits(),
    }
    for name, content in tables.items():
        (pathlib.Path(folder) / name).write_bytes(content)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
