"""What a process of Lambda makes before its first invocation.

With SnapStart, Lambda does this once for each published version, keeps the memory of that process as a snapshot and
starts every other process from it. Then the definitions are made ready too, and each process that was restored renews
what it must not share with the others (https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html).

What a snapshot holds, and why that is safe:

settings, clients   the same for every process; credentials say when they end, and botocore renews them in time
connections         closed before the snapshot
models of bodies    classes, the same for every process
definitions         of the revision when the snapshot was taken; the first use asks whether there is a newer one
secrets             none is read before; should one be, it is forgotten
random numbers      ids and keys come of the operating system, which gives each process its own; Python's generator, of
                    which botocore takes the pauses before it tries again, and OpenSSL's are seeded anew
time                read at each use, and kept only with what is forgotten here
hash seed           shared, since it cannot change in a process: hashes of texts are as predictable as the snapshot is
"""

import os
import random
import ssl
from collections.abc import Mapping
from importlib import import_module

from functions import telemetry, wiring
from functions.core.base.errors import Unavailable
from functions.topology import FUNCTIONS, SERVICES
from functions.topology_rows import Function, Grant

# The port behind a grant: of each kind there is one, but tables have their namesakes, except for these.
_PORTS = {"queue": "queues", "secret": "secrets", "bus": "sender", "email": "mailer"}
_TABLES = {"identifiers": "people", "profiles": "people", "messages": "ledger", "sources": "declared_sources"}
_SEED_BYTES = 32


def start(environment: Mapping[str, str]) -> None:
    """Make what the function of this environment needs; where SnapStart is on, have it call what is below."""
    row = next(row for row in FUNCTIONS if row.name == environment["FUNCTION"])
    prepare(row)
    if environment.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        # Lambda's runtime brings it; elsewhere there is none.
        hooks = import_module("snapshot_restore_py")
        hooks.register_before_snapshot(before_snapshot, row)
        hooks.register_after_restore(after_restore)


def prepare(row: Function) -> None:
    """Read the settings, build the function's ports and make its clients; raises SettingsError."""
    ports = wiring.ports()
    _ = ports.settings
    for grant in row.grants:
        getattr(ports, port_of(grant))
        wiring.clients().get(SERVICES[grant.kind])
    if _reads_definitions(row):
        import_module("functions.core.segments.registry").operators()


def before_snapshot(row: Function) -> None:
    """Load what reads bodies, make the definitions ready, and leave no connection open."""
    if row.name == "collect":
        _load_readers()
    if _reads_definitions(row):
        try:
            wiring.ruleset(fresh=True)
        except Unavailable as error:
            # The first use reads them; a version that cannot be published for this would hold up its own remedy.
            extra = {"operation": error.operation, "code": error.code}
            telemetry.logger().warning("a snapshot is taken without definitions", extra=extra)
    wiring.clients().close()


def after_restore() -> None:
    """Renew what each process needs for itself."""
    random.seed()
    ssl.RAND_add(os.urandom(_SEED_BYTES), _SEED_BYTES)
    wiring.renew()


def _load_readers() -> None:
    """Load what reads the bodies of HTTP requests; without a snapshot the first body of a sender does that."""
    for source in import_module("functions.sources").SOURCES.values():
        # A source without a secret is vouched for by AWS: its events do not come by HTTP.
        if source.secret and source.reader:
            import_module(source.reader)
    import_module("functions.sources.declared")


def port_of(grant: Grant) -> str:
    """The name of the port through which a function uses what it was granted."""
    return _PORTS.get(grant.kind) or _TABLES.get(grant.name, grant.name)


def _reads_definitions(row: Function) -> bool:
    return any((grant.kind, grant.name) == ("table", "definitions") for grant in row.grants)
