"""Compose the e-mail that asks for a confirmation: the shop's words and the recipient's link."""

from collections.abc import Mapping
from typing import Any

from functions.core.base.tasks.steps import AskConfirmation
from functions.core.messages import confirmation, confirmation_mail, mime
from functions.core.messages.records import Message
from functions.usecases.compose_message import ComposedMessage, sender, shop_details
from functions.usecases.context import Context


def compose(
    context: Context, task: AskConfirmation, message: Message, template: Mapping[str, Any] | None
) -> ComposedMessage:
    """Render the e-mail; raises Unsendable if it cannot be rendered or the address cannot be written to."""
    claims = confirmation.Claims(task.address, task.device or "", task.asked, task.asked + confirmation.LIFE)
    token = confirmation.seal(context.ports.secrets.get(confirmation.KEY)[0], claims)
    url = f"{context.settings.public_url}/confirm/{token}"
    rendered = confirmation_mail.rendered(shop_details(context.settings), url, template)
    envelope = mime.Envelope(
        sender=sender(context.settings),
        recipient=task.address.partition(":")[2],
        reply_to=context.settings.reply_to,
    )
    raw = mime.build(rendered, envelope, now=context.now, seed=f"{message.profile}_{message.cause}")
    return ComposedMessage(raw, rendered.subject, message.reason)
