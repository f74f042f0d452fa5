"""Random records of each kind of row."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from functions.adapters.dynamodb.rows import (
    counters,
    declared_sources,
    job_erasures,
    job_leases,
    job_values,
    revocations,
)
from functions.adapters.dynamodb.rows.bundle_parts import BundlePart
from functions.adapters.dynamodb.rows.current_versions import BundleName, CurrentVersions
from functions.core.base.erased import Mark
from functions.core.base.events import Event
from functions.core.base.product import Product
from functions.core.base.quarantine import Quarantined
from functions.core.base.shop_erasure import ShopErasure
from functions.core.definitions.records import Backfill, Definition, EntryOnPublish, Lane
from functions.core.flows.due_windows import Progress
from functions.core.flows.records import Run
from functions.core.jobs.records import Job, JobPage, JobSegment
from functions.core.messages.pace import Allowance, Budget
from functions.core.messages.records import Message
from functions.core.profiles.records import Link, Naming, Pointer, ProfileAttributes, StoredState, Trait
from functions.core.timelines.consents import Statements
from functions.core.timelines.retention import Retention
from functions.core.timelines.versions import TimelineVersion

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SOME_TEXT = TEXT.filter(bool)
# Parts of a key that end at a "#".
PART = SOME_TEXT.filter(lambda text: "#" not in text)
WHOLE = st.integers(-(2**60), 2**60)
COUNT = st.integers(0, 2**40)
VERSIONS = st.integers(1, 2**40)
NUMBER = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    st.none() | st.booleans() | TEXT | NUMBER,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
JSON = st.dictionaries(TEXT, PLAIN, max_size=4)
NAME = st.builds("{}:{}".format, st.sampled_from(("email", "user_id", "anonymous_id")), SOME_TEXT)
NAMES = st.frozensets(NAME, max_size=4)
SUPPRESSED = st.tuples(st.sampled_from(("bounce", "complaint")), COUNT)
SPANS = st.lists(st.tuples(COUNT, st.none() | COUNT), min_size=1, max_size=3).map(tuple)
ADDRESSES = st.dictionaries(st.tuples(PART, PART), VERSIONS, max_size=4)
DIGEST = st.text("0123456789abcdef", min_size=32, max_size=32)
RETENTION = st.builds(Retention, st.none() | COUNT, st.none() | COUNT)
OPEN_JOB = st.builds(
    Job,
    SOME_TEXT,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    COUNT,
    WHOLE,
    COUNT,
    COUNT,
    TEXT,
    COUNT,
    st.just("open"),
    st.none(),
    st.just(""),
)
RANDOM: Mapping[str, st.SearchStrategy[Any]] = {
    "links": st.builds(
        Link, st.sampled_from(("absorbed", "identifiers", "parted", "visited")), NAME, st.integers(0, 2**40)
    ),
    "events": st.builds(
        Event,
        name=TEXT,
        time=WHOLE,
        received=COUNT,
        identifiers=st.lists(NAME, min_size=1, max_size=4, unique=True).map(tuple),
        sort=SOME_TEXT,
        source=TEXT,
        properties=JSON,
        traits=JSON,
        consent=st.none() | st.sampled_from(("subscribed", "pending", "unsubscribed")),
        undated=st.booleans(),
        imported=st.booleans(),
        suppression=st.none() | st.sampled_from(("bounce", "complaint")),
        natural=st.none() | SOME_TEXT,
        revision=COUNT,
    ),
    "identifiers": st.builds(
        Pointer,
        NAME,
        SOME_TEXT,
        COUNT,
        TEXT,
        st.lists(st.tuples(WHOLE, SOME_TEXT), max_size=3).map(tuple),
        st.booleans(),
    ),
    "states": st.builds(StoredState, SOME_TEXT, st.binary(), st.none() | WHOLE, st.none(), VERSIONS, st.booleans())
    | st.builds(StoredState, SOME_TEXT, st.binary(), st.none(), SOME_TEXT, VERSIONS, st.booleans()),
    "attributes": st.builds(
        ProfileAttributes,
        profile=SOME_TEXT,
        identifiers=NAMES,
        traits=st.dictionaries(TEXT, st.builds(Trait, PLAIN, COUNT, TEXT, TEXT, st.integers(0, 2)), max_size=3),
        consent=st.dictionaries(
            NAME, st.builds(Statements, COUNT, COUNT, COUNT, st.booleans(), st.just(-1) | COUNT), max_size=3
        ),
        namings=st.dictionaries(TEXT, st.builds(Naming, st.integers(0, 2), COUNT, st.booleans()), max_size=3),
        suppression=st.dictionaries(NAME, SUPPRESSED, max_size=3),
        absorbed=st.frozensets(SOME_TEXT, max_size=3),
        parted=st.frozensets(SOME_TEXT, max_size=3),
        first_seen=COUNT,
        version=VERSIONS,
        spans=st.dictionaries(NAME, SPANS, max_size=2),
    ),
    "definitions": st.builds(
        Definition,
        kind=PART,
        id=SOME_TEXT,
        version=st.integers(1, 10**9),
        text=TEXT,
        body=JSON,
        author=TEXT,
        time=COUNT,
        replaces=COUNT,
        revision=COUNT,
        entry_on_publish=st.none() | st.builds(EntryOnPublish, st.none() | JSON),
        kept=st.dictionaries(
            TEXT, st.builds(TimelineVersion, st.lists(RETENTION, max_size=3).map(tuple), COUNT), max_size=3
        ),
        resumed=COUNT,
        withdrawn=st.booleans(),
    ),
    "current_versions": st.builds(
        CurrentVersions,
        VERSIONS,
        ADDRESSES,
        ADDRESSES,
        st.none() | st.builds(BundleName, DIGEST, st.integers(1, 100), COUNT),
    ),
    "bundle_parts": st.builds(BundlePart, DIGEST, st.integers(0, 99), st.binary(min_size=1), COUNT),
    "runs": st.builds(
        Run,
        profile=SOME_TEXT,
        flow=PART,
        entry=TEXT,
        since=WHOLE,
        started=COUNT,
        step=TEXT,
        due=st.none(),
        outcome=st.none() | TEXT,
        version=VERSIONS,
        waiting=st.none() | WHOLE,
        entered=st.none() | WHOLE,
        flow_version=COUNT,
    )
    | st.builds(Run, SOME_TEXT, PART, TEXT, WHOLE, COUNT, TEXT, WHOLE, st.none(), VERSIONS, st.booleans()),
    "messages": st.builds(
        Message,
        profile=SOME_TEXT,
        cause=SOME_TEXT,
        flow=TEXT,
        template=TEXT,
        state=st.sampled_from(("claimed", "released", "sent", "held", "failed")),
        at=COUNT,
        reason=TEXT,
        address=TEXT,
        subject=TEXT,
        ses_id=TEXT,
        attempt=COUNT,
        opens=COUNT,
        clicks=COUNT,
        feedback=TEXT,
    ),
    "quarantine": st.builds(
        Quarantined, SOME_TEXT, SOME_TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=3), TEXT, COUNT
    ),
    "products": st.builds(Product, SOME_TEXT, TEXT, TEXT, TEXT, st.none() | COUNT, TEXT, TEXT, COUNT),
    "backfills": st.builds(Backfill, st.integers(0, 10**10 - 1), TEXT, COUNT, COUNT, COUNT),
    "backfill_lanes": st.builds(Lane, st.integers(0, 9999), COUNT, COUNT, st.none() | SOME_TEXT, st.none() | COUNT),
    "pace": st.builds(
        Budget,
        st.builds(Allowance, COUNT, st.none() | COUNT, COUNT, st.booleans()),
        *[COUNT] * 4,
        st.dictionaries(st.sampled_from(("rate_marketing", "day_transactional")), COUNT),
    ),
    "counters": st.builds(counters.HourCount, SOME_TEXT, COUNT, COUNT),
    "shop_erasures": st.builds(ShopErasure, SOME_TEXT, COUNT),
    "revocations": st.builds(revocations.Revocation, st.none() | SOME_TEXT, COUNT),
    "marks": st.builds(Mark, SOME_TEXT, COUNT, st.booleans(), st.none() | st.sampled_from(("bounce", "complaint"))),
    "names": st.tuples(SOME_TEXT, st.frozensets(SOME_TEXT, min_size=1, max_size=4)),
    "jobs": OPEN_JOB
    | st.builds(Job.close, OPEN_JOB, st.sampled_from(("done", "failed", "cancelled")), COUNT, TEXT)
    | st.builds(Job.reopen, OPEN_JOB, COUNT),
    "job_values": st.builds(job_values.JobValue, SOME_TEXT, st.sampled_from(("question", "answer")), PLAIN),
    "job_segments": st.builds(
        JobSegment, st.integers(0, 9999), COUNT, COUNT, st.none() | SOME_TEXT, COUNT, st.booleans(), PLAIN
    ),
    "job_people": st.builds(JobPage, st.integers(0, 9999), st.integers(0, 10**8 - 1), st.lists(TEXT, max_size=4)),
    "job_erasures": st.builds(job_erasures.JobErasure, SOME_TEXT, st.integers(0, 10**10 - 1)),
    "job_leases": st.builds(job_leases.JobLease, COUNT, COUNT, COUNT),
    "formats": COUNT,
    "declared_sources": st.builds(
        declared_sources.DeclaredSource, SOME_TEXT, COUNT, COUNT, st.none() | st.dictionaries(TEXT, PLAIN, max_size=3)
    ),
    "ticks": st.builds(Progress, st.lists(COUNT).map(tuple), COUNT, COUNT, st.integers(1, 99)),
}
