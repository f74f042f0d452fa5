"""What is published while things happen makes nobody's start the past."""

from dataclasses import replace

import pytest

from functions.core.base.events import Event, Suppression
from functions.core.base.rfc3339 import text as written
from functions.settings import read
from functions.usecases.backfill import update
from tests.flow.in_memory_app import SETTINGS, InMemoryApp
from tests.notes import note

START, MINUTE, HOUR, DAY = 1_900_000_000, 60, 3600, 86_400
PEOPLE = 30
CART = """
id: cart
name: Cart
start: {event: Product Added, by: cart_id}
goal: Order Completed
steps:
  - wait: 1 hour
  - send: note
"""
GONE = "id: gone\nname: Gone\nstart: {segment: lately, on: leave}\nsteps:\n  - send: note\n"
LATELY = 'id: lately\nname: Lately\nwhen: did "Product Added" within 1 hour\n'
UNRELATED = 'id: more\nname: Readers\nannounce: true\nwhen: did "Article Read" at least 3 times within 90 days\n'
WIDER = 'id: more\nname: Adders\nannounce: true\nwhen: did "Product Added" at least 3 times within 90 days\n'


class Shop(InMemoryApp):
    """An app in memory in which people are called by a number."""

    def __init__(self, *flows: str, segments: tuple[str, ...] = ()) -> None:
        super().__init__(START, settings=read({**SETTINGS, "CONSENT_DEFAULT": "implied"}))
        self.publish_text("templates", "note", note())
        for kind, texts in (("segments", segments), ("flows", flows)):
            for text in texts:
                self.publish_text(kind, text.split("id: ")[1].split("\n")[0], text)

    def happen(self, person: int, name: str, ago: int = 0, **properties: object) -> None:
        at = self.now - ago
        sort = f"{written(at).removesuffix('Z')}.000Z#{name}{len(self.log.rows[f'email:p{person}@x.org'])}"
        names = (f"email:p{person}@x.org",)
        self.log.append([Event(name, at, self.now, names, sort, "test", properties)])

    def reach(self, person: int) -> None:
        """The backfill comes to the person."""
        pointer = self.people.pointers[f"email:p{person}@x.org"]
        update(self.context, self.people.states[pointer.profile])

    def written_to(self) -> list[str]:
        return sorted(mail.to for mail in self.mails)


@pytest.fixture(params=[UNRELATED, WIDER], ids=["of other events", "of the same events, kept for longer"])
def publication(request: pytest.FixtureRequest) -> str:
    return request.param


EVERYBODY = sorted(f"p{person}@x.org" for person in range(PEOPLE))


def visited(shop: Shop) -> None:
    for person in range(PEOPLE):
        shop.happen(person, "Page Viewed")
    shop.settle()


@pytest.mark.parametrize("minutes", [0, 7, 40], ids=lambda span: f"a backfill of {span} minutes")
def test_every_cart_that_is_heard_of_during_a_backfill_is_reminded_of(publication: str, minutes: int) -> None:
    shop = Shop(CART)
    looked_at = START + DAY
    shop.to(looked_at)
    visited(shop)
    shop.publish_text("segments", "more", publication)
    for person in range(PEOPLE):
        shop.to(looked_at + minutes * MINUTE * person // PEOPLE)
        shop.happen(person, "Product Added", ago=shop.now - looked_at + 5, cart_id=f"c{person}")
        shop.settle()
        shop.reach(person)
    shop.to(looked_at + DAY)
    assert EVERYBODY == shop.written_to()


def test_a_cart_of_the_seconds_before_the_backfill_comes_is_reminded_of(publication: str) -> None:
    shop = Shop(CART)
    shop.to(START + DAY)
    visited(shop)
    shop.publish_text("segments", "more", publication)
    for person in range(PEOPLE):
        shop.happen(person, "Product Added", ago=5, cart_id=f"c{person}")
        shop.stalled = True
        shop.reach(person)
        shop.settle()
        shop.stalled = False
        shop.settle()
    shop.to(START + 2 * DAY)
    assert EVERYBODY == shop.written_to()


def test_a_new_flow_takes_no_event_of_before_it_for_a_start() -> None:
    shop = Shop()
    visited(shop)
    for person in range(PEOPLE):
        shop.happen(person, "Product Added", cart_id="c")
    shop.settle()
    shop.to(START + MINUTE)
    shop.publish_text("flows", "cart", CART)
    for person in range(PEOPLE):
        shop.reach(person)
    shop.to(START + DAY)
    assert [] == shop.mails


def test_an_event_after_the_publication_of_a_flow_starts_it_even_if_an_older_process_folded_it() -> None:
    shop = Shop()
    visited(shop)
    shop.to(START + MINUTE)
    older = shop.ruleset
    shop.publish_text("flows", "cart", CART)
    newer, shop.ruleset = shop.ruleset, older
    shop.to(shop.now + 5)
    for person in range(PEOPLE):
        shop.happen(person, "Product Added", cart_id="c")
    shop.settle()
    shop.ruleset = newer
    shop.to(shop.now + MINUTE)
    for person in range(PEOPLE):
        shop.reach(person)
    shop.to(START + DAY)
    assert EVERYBODY == shop.written_to()


def test_whoever_leaves_while_a_backfill_is_under_way_starts_what_begins_on_leaving(publication: str) -> None:
    shop = Shop(GONE, segments=(LATELY,))
    for person in range(PEOPLE):
        shop.happen(person, "Product Added")
    shop.settle()
    shop.now = START + HOUR
    shop.publish_text("segments", "more", publication)
    for person in range(PEOPLE):
        shop.reach(person)
    shop.to(START + 2 * HOUR)
    assert EVERYBODY == shop.written_to()


def test_whom_an_edit_of_the_segment_puts_out_starts_nothing() -> None:
    shop = Shop(GONE, segments=(LATELY,))
    for person in range(PEOPLE):
        shop.happen(person, "Product Added")
    shop.settle()
    shop.to(START + MINUTE)
    shop.publish_text("segments", "lately", LATELY.replace("1 hour", "30 seconds"))
    for person in range(PEOPLE):
        shop.reach(person)
    shop.to(START + 2 * HOUR)
    assert [] == shop.mails


def test_a_no_to_marketing_leaves_the_transactional_mail_of_the_run() -> None:
    flow = CART.replace("goal: Order Completed\n", "") + "  - wait: 1 hour\n  - send: receipt\n"
    shop = Shop()
    shop.publish_text("templates", "receipt", note("receipt", "transactional"))
    shop.publish_text("flows", "cart", flow)
    shop.happen(1, "Product Added", cart_id="c")
    shop.settle()
    (event,) = shop.log.read("email:p1@x.org")
    no = replace(event, name="Email Unsubscribed", sort=f"{event.sort}no", consent="unsubscribed", properties={})
    shop.log.append([no])
    shop.to(START + DAY)
    assert ["cart"] == [mail.cause.partition("_")[0] for mail in shop.mails]
    (profile,) = shop.ledger.rows
    states = {row.template: (row.state, row.reason) for row in shop.ledger.of(profile)}
    assert ("held", "unsubscribed") == states["note"]
    assert "sent" == states["receipt"][0]
    assert ["completed"] == [run.outcome for run in shop.runs.of(profile)]


@pytest.mark.parametrize("suppression", ["bounce", "complaint"])
def test_an_address_that_bounced_or_complained_gets_no_transactional_mail_either(suppression: Suppression) -> None:
    shop = Shop()
    shop.publish_text("templates", "receipt", note("receipt", "transactional"))
    shop.publish_text("flows", "cart", CART.replace("send: note", "send: receipt"))
    shop.happen(1, "Product Added", cart_id="c")
    (event,) = shop.log.read("email:p1@x.org")
    shop.log.append(
        [replace(event, name="Email Bounced", sort=f"{event.sort}b", suppression=suppression, properties={})]
    )
    shop.to(START + DAY)
    assert [] == shop.mails
