"""Records of every kind of row, by the name of its golden item in ``tests/golden/rows``."""

from decimal import Decimal
from typing import Any

from functions.adapters.dynamodb.rows.bundle_parts import BundlePart
from functions.adapters.dynamodb.rows.counters import HourCount
from functions.adapters.dynamodb.rows.current_versions import BundleName, CurrentVersions
from functions.adapters.dynamodb.rows.declared_sources import DeclaredSource
from functions.adapters.dynamodb.rows.job_erasures import JobErasure
from functions.adapters.dynamodb.rows.job_leases import JobLease
from functions.adapters.dynamodb.rows.job_values import JobValue
from functions.adapters.dynamodb.rows.revocations import Revocation
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

NOW = 1_795_600_000
ANN = "email:ann@x.org"
STATE = bytes.fromhex("0200000000000000")
JOB = Job("1795600000a1", "members", "members of segment vip", "d1", "ann", NOW, NOW - 60, 64, 900, "segments/vip", 3)

# kind of row (a module of functions/adapters/dynamodb/rows) -> name -> the record
RECORDS: dict[str, dict[str, Any]] = {
    "events": {
        "an order": Event(
            name="Order Completed",
            time=NOW - 60,
            received=NOW,
            identifiers=("anonymous_id:a1", ANN, "user_id:7"),
            sort="2026-11-25T12:25:40.000Z#m1",
            source="shopify",
            properties={"order_id": "1001", "total": 4999, "weight": Decimal("1.50"), "products": [{"sku": "é"}]},
            traits={"first_name": "Ann"},
            consent="subscribed",
            natural="order:1001",
            revision=NOW - 60,
        ),
        "a bounce": Event(
            "Email Bounced", NOW, NOW, (ANN,), "2026-11-25T12:26:40.000Z#m2", "ses", suppression="bounce"
        ),
        "an undated yes": Event(
            name="Consent Changed",
            time=NOW,
            received=NOW,
            identifiers=(ANN,),
            sort="2026-11-25T12:26:40.000Z#m4",
            source="shopify",
            consent="subscribed",
            undated=True,
        ),
        "an imported event": Event(
            name="Consent Changed",
            time=NOW,
            received=NOW,
            identifiers=(ANN,),
            sort="2026-11-25T12:26:40.000Z#m4",
            source="shopify",
            consent="subscribed",
            undated=True,
            imported=True,
        ),
        "a page view of a device": Event(
            "Page Viewed", NOW, NOW, ("anonymous_id:a1",), "2026-11-25T12:26:40.000Z#m3", "segment"
        ),
    },
    "pace": {
        "in the sandbox": Budget(Allowance(1, 200, 40), NOW, NOW + 9, 1, 150, {"rate_marketing": (NOW + 14) * 1000}),
        "without a bound, while paused": Budget(Allowance(500, None, 0, is_sending=False), NOW, left=10**12),
    },
    "revocations": {
        "a token": Revocation("t1", 1_795_881_600),
        "all that were issued up to an instant": Revocation(None, 1_795_881_600),
    },
    "formats": {"of this release": 1},
    "declared_sources": {
        "published": DeclaredSource("till", 3, 41, {"id": "till", "signature": {"scheme": "basic"}, "events": []}),
        "withdrawn": DeclaredSource("till", 4, 42, None),
    },
    "ticks": {"of a tick and of sweeps": Progress((1_795_600_150, 1_795_599_400), 1_795_500_000, 64, 7)},
    "counters": {"of an hour": HourCount("PublicMessages", 498_777, 12)},
    "identifiers": {
        "of one person": Pointer(ANN, "0123456789abcdef0123", NOW, "shopify"),
        "of a shared device": Pointer(
            "anonymous_id:a1", "p2", NOW, "segment", owners=((0, "p1"), (NOW, "p2"), (NOW + 5, "user_id:7"))
        ),
        "of a public device": Pointer("anonymous_id:a2", "p3", NOW, "segment", public=True),
        "of a release that kept whom it does not join": Pointer(
            "anonymous_id:a3", "p1", NOW, "segment", owners=((0, "p1"), (NOW, "user_id:7"))
        ),
    },
    "states": {
        "quiet": StoredState("p1", STATE, version=1),
        "due": StoredState("p1", STATE, due=NOW + 60, version=7),
        "that notifies": StoredState("p1", STATE, due=NOW + 60, version=8, notify=True),
        "merged": StoredState("p1", STATE, merged_into="p2", version=9),
    },
    "attributes": {
        "full": ProfileAttributes(
            profile="p1",
            identifiers=frozenset((ANN, "anonymous_id:a1")),
            traits={"first_name": Trait("Ann", NOW, "shopify", "t1"), "spent": Trait(Decimal("0.10"), NOW, "segment")},
            consent={ANN: Statements(subscribed=NOW - 5, unsubscribed=NOW)},
            namings={"ann@x.org": Naming(2, NOW, stated=True)},
            suppression={ANN: ("complaint", NOW)},
            absorbed=frozenset(("p2",)),
            parted=frozenset(("p3",)),
            first_seen=NOW,
            version=3,
            spans={"anonymous_id:a1": ((0, NOW), (NOW + 5, None))},
        ),
        "empty": ProfileAttributes("p1", version=1),
    },
    "definitions": {
        "first": Definition("segments", "buyers", 1, "id: buyers\n", {"id": "buyers"}, "ann", NOW, revision=4),
        "of everything": Definition(
            kind="flows",
            id="thanks",
            version=3,
            text="id: thanks\n",
            body={"id": "thanks", "rate": Decimal("0.5")},
            author="ann",
            time=NOW,
            replaces=2,
            revision=9,
            entry_on_publish=EntryOnPublish({"op": "did"}),
            kept={"0a0b0c0d": TimelineVersion((Retention(1, 86400), Retention(None, None)), 4)},
            resumed=NOW,
        ),
        "for all it brings in": Definition(
            "segments",
            "buyers",
            2,
            "id: buyers\n",
            {"id": "buyers"},
            "ann",
            NOW,
            1,
            5,
            entry_on_publish=EntryOnPublish(),
        ),
        "withdrawn": Definition("segments", "buyers", 3, "", {}, "ann", NOW, 2, 6, withdrawn=True),
        "of before it said what it replaces": Definition(
            "segments", "buyers", 5, "id: buyers\n", {"id": "buyers"}, "ann", NOW, 4, 4
        ),
    },
    "current_versions": {
        "of two": CurrentVersions(7, {("flows", "thanks"): 3, ("segments", "buyers"): 2}),
        "with a bundle": CurrentVersions(
            9, {("flows", "thanks"): 3}, bundle=BundleName("0123456789abcdef0123456789abcdef", 2, 1)
        ),
        "with one that was withdrawn": CurrentVersions(8, {("flows", "thanks"): 3}, {("segments", "buyers"): 3}),
    },
    "bundle_parts": {"of two": BundlePart("0123456789abcdef0123456789abcdef", 1, b"[1]", NOW + 2_592_000)},
    "runs": {
        "waiting for its step": Run("p1", "thanks", "1001", NOW - 60, NOW, "s1", NOW + 60, version=1, flow_version=3),
        "ended": Run("p1", "thanks", "1001", NOW - 60, NOW, "", None, "completed", 5, flow_version=3),
        "paused": Run("p1", "thanks", "1001", NOW - 60, NOW, "s1", NOW + 60, version=2, paused=True, flow_version=3),
        "joined another": Run(
            "p1", "thanks", "a#b", NOW, NOW, "s1", None, "joined", 2, waiting=NOW + 9, entered=NOW - 9, flow_version=3
        ),
        "of before steps had ids": Run("p1", "thanks", "1001", NOW - 60, NOW, "2", NOW + 60, version=1),
    },
    "messages": {
        "claimed": Message("p1", "thanks_1001_s1", "thanks", "welcome", "claimed", NOW, address="ann@x.org"),
        "read and complained of": Message(
            "p1",
            "thanks_1001_s1",
            "thanks",
            "welcome",
            "sent",
            NOW,
            "due",
            "ann@x.org",
            "Hi é",
            "ses-1",
            2,
            3,
            1,
            "bounce",
        ),
        "of before the index": Message("p1", "thanks_1001_s1", "thanks", "welcome", "held", NOW, "no consent"),
    },
    "quarantine": {
        "a webhook": Quarantined("shopify", "ab12", "no mapping", {"x-shopify-topic": "odd"}, '{"é": 1}', NOW),
        "of before the index": Quarantined(
            "shopify", "ab12", "no mapping", {"x-shopify-topic": "odd"}, '{"é": 1}', NOW
        ),
    },
    "products": {
        "full": Product("1", "Mug", "https://x.org/m.png", "https://x.org/m", 1299, "EUR", "Kitchen", NOW),
        "bare": Product("2", "", revision=0),
    },
    "shop_erasures": {"asked": ShopErasure("corner-shop.myshopify.com", NOW)},
    "links": {
        "an identifier": Link("identifiers", "anonymous_id:d#1", NOW),
        "a profile": Link("absorbed", "p9"),
    },
    "marks": {
        "bare": Mark("0123456789abcdef" * 2, NOW),
        "refused": Mark("0123456789abcdef" * 2, NOW, True, "complaint"),
    },
    "backfills": {"of two lanes": Backfill(9, "segments/buyers", NOW, 2, 400)},
    "backfill_lanes": {
        "at work": Lane(1, 3, 600, '["p1", "state"]'),
        "finished": Lane(0, 4, 700, None, NOW),
    },
    "jobs": {
        "open": JOB,
        "failed": JOB.close("failed", NOW + 9, "a fault"),
        "retried": JOB.close("failed", NOW + 9, "a fault").reopen(NOW + 60),
    },
    "job_values": {"a question": JobValue("1795600000a1", "question", {"names": ["vip"], "told": {}})},
    "job_segments": {
        "at work": JobSegment(3).after(500, '["p1", "state"]', NOW, [7, 0, ["p1"]]),
        "finished": JobSegment(3, 1, 500).after(20, None, NOW, [8, 0, ["p1"]]),
    },
    "job_people": {"of a page": JobPage(3, 2, ["p1", "p2"])},
    "job_erasures": {"of a person": JobErasure("0123456789abcdef" * 2, NOW)},
    "job_leases": {"of a segment": JobLease(3, 64, NOW)},
    "names": {"of events": ("events", frozenset(("Order Completed", "Page Viewed")))},
}
