"""Ann and Ben, who are somebody else at every turn, and what came of them."""

import json
import re
from dataclasses import dataclass
from typing import Any

from local.runtime.clock import instant_of, rfc3339
from local.runtime.deliveries import announcements
from tests.flow.crash_stories.story import Story, unfinished
from tests.flow.host import Host
from tests.flow.shop import Person


@dataclass(frozen=True)
class Cast:
    """Who plays the story this time, in a world that has seen it before."""

    ann: Person
    ben: Person
    begin: int

    @property
    def names(self) -> dict[str, str]:
        """Identifiers to look up, by the part they play."""
        number = self.ann.number
        return {
            "Ann": f"email:{self.ann.email}",
            "Ann's device": f"anonymous_id:device-{number}",
            "Ann's account": f"user_id:account-{number}",
            "Ben": f"email:{self.ben.email}",
            "Ben's cart": f"shopify_cart:shop-cart-{number}",
        }


class PeopleStory(Story):
    """A story of two people whom the shop does not know yet."""

    cast: Cast

    def begin(self, host: Host, turn: int) -> None:
        self.cast = Cast(Person(1000 + 2 * turn), Person(1001 + 2 * turn), host.clock())

    def outcome(self, host: Host, turn: int) -> dict[str, Any]:
        """Who is who, what was sent, held, announced and given up."""
        cast = self.cast
        people = {role: host.profile(name) for role, name in cast.names.items()}
        ids = {profile["id"] for profile in people.values() if profile}
        rows = [row for row in json.loads(host.api("GET", "messages").body)["messages"] if row["profile"] in ids]
        said = [(kind, json.loads(text)) for kind, text in announcements(host.inner.deliveries)]
        news = {
            f"{kind} {body['segment']} {body['profile']} {rfc3339(body['at'])}"
            for kind, body in said
            if body["profile"] in ids
        }
        found = {
            "people": people,
            "members": [profile for profile in host.members("left-checkout") if profile in ids],
            "mails": [
                [mail["to"], mail["subject"], mail["cause"], mail["text"].partition("/u/")[0]]
                for mail in host.mailbox()
                if mail["profile"] in ids
            ],
            "ledger": [[row["profile"], row["cause"], row["state"], row["reason"], row["address"]] for row in rows],
            "announced": list(news),
            **unfinished(host),
        }
        words = json.loads(_anybody(json.dumps(found), cast, people))
        return {name: sorted(value) if isinstance(value, list) else value for name, value in words.items()}


def _anybody(text: str, cast: Cast, people: dict[str, Any]) -> str:
    """The text with parts for names, spans for instants, and without what hashes of them are in it."""
    profiles = [people[role] or {} for role in ("Ann", "Ben")]
    for role, person, profile in zip(("Ann", "Ben"), (cast.ann, cast.ben), profiles, strict=True):
        for name in (person.email, str(person.id), profile.get("id"), person.name):
            text = text.replace(name, role) if name else text
    text = text.replace(f"-{cast.ann.number}", "").replace(str(5_000_000 + cast.ann.number), "order")
    text = re.sub(r"_[0-9a-f]+(-[0-9a-f]+)?_", "_entry_", text)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", lambda found: f"{instant_of(found[0]) - cast.begin:+d}s", text)
