"""A file of what many people did in a year, as a log that is kept by person is exported."""

from pathlib import Path

from bench.evaluate_segments import CATEGORIES, DAY, NAMES

NOW = 1_795_000_000
# People in one row group.
GROUP = 2_500
# The column ``kind`` numbers the pairs of a name and a category, for engines that would rather compare one number.
KINDS = [(name, category) for name in NAMES for category in CATEGORIES]


def write(path: Path, people: int) -> int:
    """Write the events of so many people, twenty each on average; how many they are."""
    import numpy
    import pyarrow
    import pyarrow.parquet

    chance = numpy.random.default_rng(3)
    often = numpy.repeat([0.35, 0.08, 0.05, 0.12, 0.35, 0.05], len(CATEGORIES)) / len(CATEGORIES)
    bought = NAMES.index("Order Completed")
    texts = pyarrow.dictionary(pyarrow.int8(), pyarrow.string())
    kinds = {"person": "int64", "time": "int64", "name": texts, "category": texts, "total": "int64", "kind": "uint8"}
    schema = pyarrow.schema(list(kinds.items()))
    written = 0
    with pyarrow.parquet.ParquetWriter(path, schema) as file:
        for first in range(0, people, GROUP):
            group = numpy.arange(first, min(first + GROUP, people))
            person = numpy.repeat(group, chance.integers(1, 40, len(group)))
            time = NOW - (365 * DAY * chance.random(len(person)) ** 2).astype("int64")
            kind = chance.choice(len(KINDS), len(person), p=often).astype("uint8")
            name, category = (kind // len(CATEGORIES)).astype("int8"), (kind % len(CATEGORIES)).astype("int8")
            amount = chance.integers(500, 40_000, len(person))
            columns = [
                person,
                time,
                pyarrow.DictionaryArray.from_arrays(name, list(NAMES)),
                pyarrow.DictionaryArray.from_arrays(category, list(CATEGORIES)),
                pyarrow.array(amount, mask=name != bought),
                kind,
            ]
            file.write_table(pyarrow.table(columns, schema=schema))
            written += len(person)
    return written
