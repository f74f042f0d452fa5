"""The smallest template that can be published, for tests of what sends it."""

import json


def note(name: str = "note", kind: str = "marketing", words: str = "Hello") -> str:
    """The text of a template with this id, whose e-mail says the words."""
    body = f"<mj-section><mj-column><mj-text>{words}</mj-text></mj-column></mj-section>"
    texts = {"subject": words, "body": body, "text": words}
    said = "".join(f"{key}: {json.dumps(text)}\n" for key, text in texts.items())
    return f"id: {name}\nname: A note\nkind: {kind}\n{said}"
