"""``python -m bench``: what is measured, beside the budgets of the design."""

from bench import (
    audience,
    batch,
    cold,
    definitions,
    evaluate,
    fold,
    importing,
    local_day,
    outage,
    partitions,
    path,
    publication,
    reading,
    state,
    tick,
)
from bench.table import show

PARTS = {
    "State size": state.rows,
    "Definitions, from stored form to ready": definitions.rows,
    "A publication, and who follows it": publication.rows,
    "One event against many segments, beside rule libraries": evaluate.rows,
    "One person with many events, as the API shows them": reading.rows,
    "An answer to the shop's page, without the network": audience.rows,
    "One person with many identifiers, at 10 ms a query": partitions.rows,
    "Fold: profiles in a second": fold.rows,
    "An outage of fold, and the time after it": outage.rows,
    "Everybody at once, beside engines that read a whole file": batch.rows,
    "Timers: how late they are queued": tick.rows,
    "One event through the local host": path.rows,
    "A day of the local clock": local_day.rows,
    "An import of a file": importing.rows,
    "Cold start: imports and clients, in a process of its own": cold.rows,
}

if __name__ == "__main__":
    for title, rows in PARTS.items():
        show(title, rows())
