"""Bearer tokens of the API: JSON Web Tokens (HS256) with a subject and an expiry, signed with Segue's own secret."""

from collections.abc import Sequence

from functions.core.base.errors import BadCredential, Fault

AUDIENCE = "segue"
_ALGORITHM = "HS256"


def mint(secret: str, subject: str, now: int, ttl: int) -> str:
    """A signed token for ``subject`` that expires at ``now + ttl`` (seconds UTC; ``ttl`` in seconds)."""
    import jwt

    claims = {"sub": subject, "aud": AUDIENCE, "iat": now, "exp": now + ttl}
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def verify(secrets: Sequence[str], token: str, now: int) -> str:
    """The subject of an unexpired token that was signed with one of the secrets; ``now`` is in seconds UTC.

    Raises BadCredential, which does not contain the reason.
    """
    import jwt

    for secret in secrets:
        try:
            claims = jwt.decode(
                token,
                secret,
                algorithms=[_ALGORITHM],
                audience=AUDIENCE,
                # The expiry is compared with ``now`` below: PyJWT would read the system clock.
                options={
                    "require": ["exp", "sub", "aud"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.InvalidTokenError:
            continue
        expiry, subject = claims["exp"], claims["sub"]
        if isinstance(expiry, int) and not isinstance(expiry, bool) and now < expiry and subject:
            return str(subject)
    raise BadCredential(Fault("a valid token is needed: Authorization: Bearer <token>", where="Authorization"))
