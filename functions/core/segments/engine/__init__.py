"""The public functions of the segment engine.

    state = unpack(packed, catalogue.names, profile)   or fresh(catalogue, profile) for a new profile
    state = backfill(state, history, catalogue, now, missing(state, catalogue))    if anything is missing
    state = apply(state, events, catalogue, now)       a batch of events: advance, fold and settle in one
    state = advance(state, catalogue, now)             at an instant, without events

All of them are pure functions: the result depends on the arguments alone, and states are never changed in place.
"""

from functions.core.segments.engine.catalogue import Catalogue, Publications, compile_catalogue, timelines
from functions.core.segments.engine.evaluation import (
    advance,
    apply,
    backfill,
    fresh,
    merge,
    rebuild,
    settle,
    unannounced,
)
from functions.core.segments.engine.folding import KnownEvents, fold, missing
from functions.core.segments.engine.membership_history import CatalogueVersion, history
from functions.core.segments.engine.present_stays import entered
from functions.core.segments.engine.snapshot import entries, evaluate, judge
from functions.core.segments.engine.thinning import fits, thinned

__all__ = [
    "Catalogue",
    "CatalogueVersion",
    "KnownEvents",
    "Publications",
    "advance",
    "apply",
    "backfill",
    "compile_catalogue",
    "entered",
    "entries",
    "evaluate",
    "fits",
    "fold",
    "fresh",
    "history",
    "judge",
    "merge",
    "missing",
    "rebuild",
    "settle",
    "thinned",
    "timelines",
    "unannounced",
]
