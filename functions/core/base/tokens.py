"""Bearer tokens of the API: JSON Web Tokens (HS256) of one deployment, with a role, an id and a bounded life.

Who holds a token that we signed is told what is wrong with it; who holds any other is told nothing but what is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from functions.core.base.errors import BadCredential, Fault, Forbidden

if TYPE_CHECKING:
    from jwt.types import Options

Role = Literal["read", "publish"]
ROLES: tuple[Role, ...] = get_args(Role)
# Characters of a token; a longer one is not parsed.
LONGEST = 2_000
# Seconds by which the clock of whoever makes a token may be ahead of ours.
SKEW = 60
# Characters of an id and of a subject.
LONGEST_NAME = 200
_ALGORITHM = "HS256"
_NUMBERS, _TEXTS = ("iat", "exp"), ("sub", "jti", "role")


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a token says: its id, who has it, what they may do, and its life (seconds UTC)."""

    id: str
    subject: str
    role: Role
    issued: int
    expires: int


def mint(secret: str, audience: str, token: ApiToken) -> str:
    """The token in signed form; ``audience`` is the one deployment that takes it."""
    import jwt

    claims = {"aud": audience, "sub": token.subject, "role": token.role, "jti": token.id}
    return jwt.encode({**claims, "iat": token.issued, "exp": token.expires}, secret, algorithm=_ALGORITHM)


def verify(secrets: Sequence[str], audience: str, token: str, now: int, longest: int) -> ApiToken:
    """The token that one of the secrets signed for the audience; ``longest`` bounds its life (seconds).

    Raises BadCredential.
    """
    claims = _signed(secrets, token)
    if claims is None:
        raise no_token()
    if wrong := _wrong(claims, audience, now, longest):
        raise BadCredential(Fault(wrong, "Authorization", suggestion="segue token makes one"))
    return ApiToken(claims["jti"], claims["sub"], claims["role"], claims["iat"], claims["exp"])


def no_token() -> BadCredential:
    """What is raised of whatever is no token of ours, nothing included."""
    return BadCredential(Fault("a valid token is needed: Authorization: Bearer <token>", where="Authorization"))


def permit(token: ApiToken, needed: Role) -> None:
    """Raise Forbidden unless the token's role may do what needs the other; ``publish`` may all that ``read`` may."""
    if ROLES.index(token.role) < ROLES.index(needed):
        how = f"this needs a token with the role {needed}; this one has the role {token.role}"
        raise Forbidden(Fault(how, "Authorization", suggestion=f"segue token --role {needed}"))


def _signed(secrets: Sequence[str], token: str) -> dict[str, Any] | None:
    """The claims of a token that one of the secrets signed, unchecked; None for any other."""
    import jwt

    if len(token) > LONGEST or not token.isascii():
        return None
    for secret in filter(None, secrets):
        try:
            return jwt.decode(token, secret, algorithms=[_ALGORITHM], options=_unchecked())
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            # The header is parsed before the signature is checked: it may be nested, or hold anything.
            continue
    return None


def _unchecked() -> "Options":
    """No check of claims, which are held against ``now`` below: PyJWT would read the system clock."""
    return {
        "verify_aud": False,
        "verify_exp": False,
        "verify_iat": False,
        "verify_jti": False,
        "verify_nbf": False,
        "verify_sub": False,
    }


def _wrong(claims: dict[str, Any], audience: str, now: int, longest: int) -> str | None:
    """What is wrong with the claims of a genuine token; None if nothing is."""
    whole = all(type(claims.get(name)) is int for name in _NUMBERS) and type(claims.get("nbf", 0)) is int
    if not whole or not all(_is_name(claims.get(name)) for name in _TEXTS) or claims["role"] not in ROLES:
        return f"this token lacks what a token says: {', '.join(('aud', *_TEXTS, *_NUMBERS))}; it is of an older kind"
    if claims.get("aud") != audience:
        return "this token is for another deployment"
    if now >= claims["exp"]:
        return "this token has expired"
    if max(claims["iat"], claims.get("nbf", 0)) > now + SKEW:
        return "this token begins in the future: the clock of whoever made it is ahead"
    if claims["exp"] - claims["iat"] > longest:
        return f"this token is good for longer than {longest // 86_400} days, which is the most that is taken here"
    return None


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable()
