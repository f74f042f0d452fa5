"""What people said of themselves, what they allowed, and what they were drawn for."""

import hashlib
from datetime import datetime
from fractions import Fraction
from functools import cache
from zoneinfo import available_timezones

from .values import at, compares, second, span

ANSWERS = ("subscribed", "pending", "unsubscribed")


def said(node, person, now):
    """What the latest statement of the trait says at its path; None if it was never stated."""
    name = node["trait"].split(".")[0]
    events = [event for event in person.events if name in event.traits and event.time <= now]
    if not events:
        return None
    return at(max(events, key=lambda event: (event.time, event.sort)).traits, node["trait"])


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
    """The strictest of the latest answers that each name of the person gave."""
    latest: dict[str, tuple[int, int]] = {}
    for event in person.events:
        if event.consent and event.time <= now:
            for name in event.identifiers:
                latest[name] = max(latest.get(name, (0, 0)), (event.time, ANSWERS.index(event.consent)))
    strictest = max((answer for _, answer in latest.values()), default=-1)
    return node["answer"] == (ANSWERS[strictest] if latest else "unknown")


def random(node, person, now):
    drawn = hashlib.sha256(f"{node['salt']}\0{person.id}".encode()).hexdigest()[:12]
    return Fraction(int(drawn, 16), 16**12) < Fraction(str(node["percent"])) / 100
