"""Which traits of a person a message shows, by who said them."""

from collections.abc import Mapping
from typing import Any

from functions.core.messages import person_names
from functions.core.messages.safety import plain
from functions.core.messages.shop_links import ShopLinks
from functions.core.profiles.records import Trait


def shown(traits: Mapping[str, Trait], links: ShopLinks) -> dict[str, Any]:
    """The values of the traits that a message may show, without what is no name and what leads elsewhere."""
    values = {name: links.kept(plain(trait.value)) for name, trait in traits.items()}
    return person_names.filtered(values)
