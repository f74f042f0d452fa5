"""Time zones by their IANA names (``Europe/Berlin``), and when a day begins in one, in seconds UTC.

The database is the pinned one of the package ``tzdata``: a host's own may be older, or absent as in Lambda.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

DAY = 86_400
# The name that is longest today has 32 characters.
LONGEST = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = date(1970, 1, 1).toordinal()


def known(name: object) -> tzinfo | None:
    """The zone of that name, in whatever case it is written; None for what names none."""
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST:
        return None
    return _known(name.strip())


@lru_cache(maxsize=1024)
def _known(name: str) -> tzinfo | None:
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    # UTC needs no database: only who asks for another zone reads it.
    return next((zone for each in (name, _titled(name)) if (zone := _loaded(each))), None)


def _loaded(name: str) -> tzinfo | None:
    from importlib.resources import files
    from zoneinfo import ZoneInfo

    if not all(part and part.replace("_", "").replace("-", "").replace("+", "").isalnum() for part in name.split("/")):
        return None
    file = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if not file.is_file():
        return None
    with file.open("rb") as opened:
        try:
            return ZoneInfo.from_file(opened, key=name)
        except ValueError:
            return None


def _titled(name: str) -> str:
    """``europe/isle_of_man`` as the database writes it."""
    small = ("of", "au", "es")
    words = name.lower().replace("-", " - ").replace("_", " _ ").replace("/", " / ").split()
    return "".join(word if word in small else word.capitalize() for word in words)


def canonical(name: object) -> str | None:
    """The name as the database writes it; None for what names no zone."""
    zone = known(name)
    return None if zone is None else name_of(zone)


def name_of(zone: tzinfo) -> str:
    """The zone's name."""
    return str(getattr(zone, "key", "UTC"))


def begins(day: date, zone: tzinfo = UTC) -> int:
    """The second at which the day begins. A midnight that clocks leave out is when they are put forward; of one that
    comes twice it is the first."""
    if zone is UTC:
        return (day.toordinal() - _FIRST) * DAY
    return second(datetime(day.year, day.month, day.day, tzinfo=zone))


def ends(day: date, zone: tzinfo = UTC) -> int:
    """The second at which the next day begins; days are 23 or 25 hours long where clocks are changed."""
    if zone is UTC or day == date.max:
        return begins(day, zone) + DAY
    return begins(day + timedelta(days=1), zone)


def second(moment: datetime) -> int:
    """The whole second of a moment that has a zone."""
    return (moment - _EPOCH) // timedelta(seconds=1)
