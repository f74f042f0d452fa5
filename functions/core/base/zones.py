"""Time zones by their IANA names (``Europe/Berlin``), and where days begin and end in them, in seconds UTC.

The database is the pinned one of the package ``tzdata``: a host's own may be older, or absent as in Lambda.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

DAY = 86_400
# Longer texts are not looked up; the longest name at present has 32 characters.
LONGEST = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = date(1970, 1, 1).toordinal()


def zone_of(name: object) -> tzinfo | None:
    """The zone of an IANA name in any letter case; None for a value that names no zone."""
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST:
        return None
    return _known(name.strip())


@lru_cache(maxsize=1024)
def _known(name: str) -> tzinfo | None:
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    # UTC needs no database: it is read for other zones only.
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
    """A zone's name in the letter case of the database: ``europe/isle_of_man`` -> ``Europe/Isle_of_Man``."""
    small = ("of", "au", "es")
    words = name.lower().replace("-", " - ").replace("_", " _ ").replace("/", " / ").split()
    return "".join(word if word in small else word.capitalize() for word in words)


def canonical(name: object) -> str | None:
    """The zone's name as the database writes it; None for a value that names no zone."""
    zone = zone_of(name)
    return None if zone is None else name_of(zone)


def name_of(zone: tzinfo) -> str:
    """The zone's IANA name; ``UTC`` for a zone without one."""
    return str(getattr(zone, "key", "UTC"))


def begins(day: date, zone: tzinfo = UTC) -> int:
    """The second (UTC) at which the day begins in the zone.

    If clocks skip midnight, it is the instant at which they are put forward; if midnight comes twice, the first.
    """
    if zone is UTC:
        return (day.toordinal() - _FIRST) * DAY
    return second(datetime(day.year, day.month, day.day, tzinfo=zone))


def ends(day: date, zone: tzinfo = UTC) -> int:
    """The second (UTC) at which the next day begins; a day has 23 or 25 hours if clocks are changed on it."""
    if zone is UTC or day == date.max:
        return begins(day, zone) + DAY
    return begins(day + timedelta(days=1), zone)


def second(moment: datetime) -> int:
    """The second (UTC, rounded down) of a datetime, which must have a zone."""
    return (moment - _EPOCH) // timedelta(seconds=1)
