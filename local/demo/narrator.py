"""Prints what the story led to: transitions, messages, and the reasons for those sent and those held back."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from local.demo.http_client import OverHttp
from local.runtime.clock import instant_of, now
from local.runtime.terminal import paint, say

Line = tuple[int, int, str]


class Narrator:
    """Prints what is new since its last call, in the order in which it happened."""

    def __init__(self, shop_client: OverHttp) -> None:
        self._shop_client = shop_client
        self._told: set[tuple[Any, ...]] = set()
        self._names: dict[str, str] = {}
        self._day = ""

    def scene(self, at: int, words: str) -> None:
        """Print what somebody does."""
        self._say(at, paint(words, "bold"))

    def what_followed(self) -> None:
        """Print what the product has done since the last call."""
        for at, _, words in sorted((*self._transitions(), *self._messages())):
            self._say(at, f"  {words}")

    def summary(self) -> None:
        """Print the totals: people by the template that they were sent, and by the reason for sending nothing."""
        rows = sorted(
            self._shop_client.api("messages?limit=1000")["messages"], key=lambda row: (row["at"], row["cause"])
        )
        messages = [(row["template"], row["profile"]) for row in rows if row["state"] == "sent"]
        held_back = [(row["reason"], row["profile"]) for row in rows if row["state"] != "sent"]
        say(paint(f"\n  {len(messages)} e-mails went out", "bold"))
        self._by_first(messages, "green")
        say(paint(f"  {len(held_back)} were held back", "bold"))
        self._by_first(held_back, "yellow")

    def _by_first(self, pairs: list[tuple[str, str]], colour: str) -> None:
        for what in dict.fromkeys(what for what, _ in pairs):
            names = [self._name(profile) for other, profile in pairs if other == what]
            say(f"    {paint(what, colour)}: {', '.join(names)}")

    def _transitions(self) -> Iterable[Line]:
        # Tiers of scores move with every event; they would drown the day.
        saved = {each["id"] for each in self._shop_client.api("definitions/segments")["definitions"]}
        for item in self._shop_client.get("/_local/overview")["announcements"]:
            detail = item["detail"]
            if detail["segment"] not in saved:
                continue
            entered = item["kind"] == "Segment Entered"
            if self._new(item["kind"], detail["profile"], detail["segment"], detail["at"]):
                arrow, verb = (paint("→", "cyan"), "enters") if entered else (paint("←", "cyan"), "leaves")
                who = self._name(detail["profile"])
                yield detail["at"], 0, f"{arrow} {who} {verb} {paint(detail['segment'], 'cyan')}"

    def _messages(self) -> Iterable[Line]:
        for row in self._shop_client.api("messages?limit=1000")["messages"]:
            if not self._new(row["profile"], row["cause"], row["state"], row["feedback"]):
                continue
            at, who = instant_of(row["at"]), self._name(row["profile"])
            if row["feedback"]:
                yield now(), 2, f"{paint('!', 'red')} the e-mail to {who} came back: {row['feedback']}"
            elif row["state"] == "sent":
                yield at, 1, f"{paint('✉', 'green')} to {who}: “{row['subject']}”  {paint(row['reason'], 'dim')}"
            else:
                yield (
                    at,
                    1,
                    f"{paint('∅', 'yellow')} nothing to {who} ({row['template']}): {paint(row['reason'], 'yellow')}",
                )

    def _new(self, *key: Any) -> bool:
        if key in self._told:
            return False
        self._told.add(key)
        return True

    def _name(self, profile: str) -> str:
        if profile not in self._names:
            person = self._shop_client.api(f"profiles/{profile}") or {"traits": {}, "identifiers": [profile]}
            name = person["traits"].get("first_name") or next(iter(person["identifiers"]), profile)
            if "first_name" not in person["traits"]:
                return str(name)
            self._names[profile] = str(name)
        return self._names[profile]

    def _say(self, at: int, words: str) -> None:
        moment = datetime.fromtimestamp(at, UTC)
        day = moment.strftime("%A %d %B")
        if day != self._day:
            self._day = day
            say(f"\n  {paint(day, 'blue')}")
        say(f"  {paint(moment.strftime('%H:%M'), 'dim')}  {words}")
