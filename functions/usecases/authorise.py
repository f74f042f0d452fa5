"""Decide whether a bearer token may do what is asked, and take tokens back."""

from functools import partial

from functions.core.base.errors import BadCredential, Fault, Malformed
from functions.core.base.tokens import LONGEST_NAME, ApiToken, Role, no_token, permit, verify
from functions.usecases.context import Context

KEY = "signing-key"
DAY = 86_400


def authorise(context: Context, token: str, needed: Role) -> ApiToken:
    """The token, if it is valid, was not taken back, and its role may do what needs ``needed``.

    Raises BadCredential or Forbidden. Takes one read of DynamoDB, after the signature was checked.
    """
    genuine = _genuine(context, token)
    if context.ports.revocations.covers(genuine.id, genuine.issued):
        raise BadCredential(Fault("this token was taken back", "Authorization", suggestion="segue token makes one"))
    permit(genuine, needed)
    return genuine


def audience(context: Context) -> str:
    """What a token of this deployment is for: the place of the key that signs it, which no other deployment has."""
    return context.settings.place("secret", KEY)


def revoke(context: Context, token: str) -> None:
    """Take the token of this id back, for as long as any token may live; raises Malformed for what is no id."""
    if not 0 < len(token) <= LONGEST_NAME:
        raise Malformed(Fault(f"the id of a token has 1 to {LONGEST_NAME} characters", "id"))
    context.ports.revocations.revoke(token, context.now + context.settings.token_days * DAY)


def revoke_issued(context: Context, until: int) -> None:
    """Take back every token that was issued up to the instant; raises Malformed for one that has not come yet."""
    if until > context.now:
        raise Malformed(Fault("lies in the future: tokens could no longer be made", "issued_until"))
    context.ports.revocations.revoke_issued(until)


def _genuine(context: Context, token: str) -> ApiToken:
    """The valid token; before it is refused the key is read again, since it may just have been rotated."""
    if not token:
        raise no_token()
    secrets, longest = context.ports.secrets, context.settings.token_days * DAY
    check = partial(verify, audience=audience(context), token=token, now=context.now, longest=longest)
    try:
        return check(secrets.get(KEY))
    except BadCredential:
        return check(secrets.refresh(KEY))
