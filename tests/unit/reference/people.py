"""What people said of themselves, what they allowed, and what they were drawn for."""

import hashlib
from datetime import datetime
from fractions import Fraction
from functools import cache
from zoneinfo import available_timezones

from .values import at, compares, second, span

ANSWERS = ("subscribed", "pending", "unsubscribed")


def said(node, person, now):
    """What the latest statement of whoever is trusted most says at the trait's path; None if it was never stated."""
    name = node["trait"].split(".")[0]
    events = [event for event in person.events if name in event.traits and event.time <= now]
    if not events:
        return None
    standing = {"public": 0, "token": 1, "signed": 2}
    return at(max(events, key=lambda event: (standing[event.trust], event.time, event.sort)).traits, node["trait"])


def trait(node, person, now):
    found = said(node, person, now)
    if node["compare"] in ("exists", "missing"):
        return bool(found) == (node["compare"] == "exists")
    return bool(found) and compares(node["compare"], found[0], node["value"])


def home(node, person, now):
    """The person's time zone if what they said is one, else the shop's."""
    name = (said({"trait": "timezone"}, person, now) or [None])[0]
    return (isinstance(name, str) and all_zones().get(name.strip().lower())) or node.get("zone", "UTC")


@cache
def all_zones():
    return {zone.lower(): zone for zone in available_timezones()}


def days(node, text, zone):
    """First and last second of the date, or of all its anniversaries; nothing for what is no date."""
    yearly = node.get("yearly") or node["trait"] in ("birthday", "dob")
    if text.startswith("--"):
        text = f"2000-{text[2:4]}-{text[-2:]}" if yearly else ""
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return []
    texts = [text]
    if yearly:
        years = [f"{year}-{day.month:02d}-{day.day:02d}" for year in range(2020, 2030)]
        texts = [text.replace("-02-29", "-02-28") if int(text[:4]) % 4 else text for text in years]
    return [(second(text, False, zone), second(text, True, zone)) for text in texts]


def trait_date(node, person, now):
    found = said(node, person, now)
    text = found[0] if found and isinstance(found[0], str) else ""
    found = days(node, text, home(node, person, now))
    if "next" in node:
        return any(begin - span(node["next"]) <= now <= end for begin, end in found)
    return any(begin <= now < end + span(node["last"]) for begin, end in found)


def consent(node, person, now):
    return node["answer"] == (consent_of([event for event in person.events if event.time <= now]) or "unknown")


def consent_of(events):
    """What a person wants, from the list of all statements: the rule of docs/consent.md, word by word."""
    # What the public says of an address that it claims is an event of its own, or a question to its owner.
    claimed = [event for event in events if event.trust == "public" and any("email:" in name for name in event.claims)]
    said = [(event, about(event)) for event in events if event.consent and event not in claimed]
    addresses = {name for _, names in said for name in names if name.startswith("email:")}
    without = [event for event, names in said if not addresses & names]
    answers = [answer_about([*without, *(event for event, names in said if address in names)]) for address in addresses]
    answers = answers or [answer_about(without)]
    return max((each for each in answers if each), key=ANSWERS.index, default=None)


def about(event):
    """The addresses that the event names, else all its other names."""
    names = set(event.identifiers)
    # A public yes says nothing of the address, not even that it has an answer.
    if event.consent == "subscribed" and event.trust == "public":
        return set()
    return {name for name in names if name.startswith("email:")} or names


def answer_about(events):
    """Each "no" and "pending" is in force until a later trusted yes; the sterner one of what is in force counts."""
    yes = [event for event in events if event.consent == "subscribed" and event.trust != "public"]
    in_force = {
        event.consent
        for event in events
        if event.consent != "subscribed" and not any(each.time > event.time for each in yes if not each.undated)
    }
    return max(in_force, key=ANSWERS.index) if in_force else "subscribed" if yes else None


def random(node, person, now):
    drawn = hashlib.sha256(f"{node['salt']}\0{person.id}".encode()).hexdigest()[:12]
    return Fraction(int(drawn, 16), 16**12) < Fraction(str(node["percent"])) / 100
