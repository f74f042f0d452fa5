"""The event bus: EventBridge in the shop's own account, for the shop's other systems."""

from collections.abc import Sequence

from functions.core.base.errors import SegueError, Throttled, Unavailable, Undeliverable
from functions.core.deliveries.records import Configuration, Item, PutEvents, ReceiverAnswer, json_text
from functions.core.profiles.transition import Transition
from functions.destinations.base import Destination, Failed, Limit

# Entries of one PutEvents, and bytes of them all: 256 KB where AWS has not raised that to 1 MB yet, some of which are
# the source's (EventBridge User Guide, "Calculating PutEvents event entry size").
_LIMIT = Limit(items=10, bytes=240_000)

# "Non-retryable errors" of PutEventsResultEntry in the EventBridge API Reference.
_FINAL = frozenset(
    {
        "AccessDeniedException",
        "InvalidAccountIdException",
        "InvalidArgument",
        "MalformedDetail",
        "NotAuthorizedForDetailTypeException",
        "NotAuthorizedForSourceException",
        "RedactionFailure",
    }
)


def _item(transition: Transition) -> Item:
    """The event's detail: ids, the instant in seconds UTC, the cause, and the order by which late news is known."""
    t = transition
    detail = {"profile": t.profile, "segment": t.segment, "at": t.at, "cause": t.cause, "order": t.order}
    return Item(t.key, t.name, json_text(detail))


def _request(items: Sequence[Item], _configuration: Configuration, _now: int) -> PutEvents:
    return PutEvents(bus="segue", source="segue", events=tuple(items))


def _refused(answer: ReceiverAnswer, _count: int) -> Failed:
    return {place: _error(code) for place, code in answer.codes.items()}


def _error(code: str) -> SegueError:
    if code in _FINAL:
        return Undeliverable("eventbus", code)
    return (Throttled if code == "ThrottlingException" else Unavailable)("put events", code)


DESTINATION = Destination(
    key="eventbus",
    label="Amazon EventBridge",
    item=_item,
    request=_request,
    refused=_refused,
    example=Transition("p_4f2a", "buyers", True, 1_795_288_320, "event", 1_795_288_320_000_007),
    limit=_LIMIT,
    at_once=True,
)
