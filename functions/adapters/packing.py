"""JSON that keeps every number as it was sent, and its compressed form for a binary attribute.

DynamoDB bills writes by the kilobyte, so rows are deflated with a preset dictionary of words that events commonly
contain. The first byte tells the form: below 32 it is the number of the dictionary, otherwise it is plain JSON.
"""

import json
import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# A dictionary is part of the stored format: never change one, append the next. Frequent words stand last.
_DICTIONARIES = (
    b'"@gmail.com","@example.com","affiliation":"coupon":"variant":"position":"brand":"referrer":"search":"path":'
    b'"timezone":"user_agent":"library":"locale":"address":{"city":"postal_code":"country":"state":"street":'
    b'"birthday":"gender":"company":"accepts_marketing":true,false,null,"created_at":"updated_at":"username":'
    b'"phone":"last_name":"first_name":"name":"email":"title":"https://www..myshopify.com/products/cdn.shopify.com'
    b'/s/files/1/0/.html.jpg?v=1.png","c":"subscribed","unsubscribed","pending","x":"bounce","complaint","k":"order:'
    b'"checkout:"cart:"2026-01-01T00:00:00.000Z"list_id":"list_name":"filters":"sorts":"query":"checkout_id":'
    b'"step":"payment_method":"shipping_method":"tags":["line_price":"compare_at_price":"vendor":"gift_card":'
    b'"customer_id":"refund":"value_of_cart":"total_discount":"total_tax":"tax":"shipping":"discount":"revenue":'
    b'"subtotal":"total":"currency":"USD","EUR","GBP","order_id":"order_number":"cart_id":"checkout_url":"url":'
    b'"https://"image_url":"https://"category":"sku":"variant_id":"product_id":"name":"quantity":1,"price":00}]'
    b',"v":17"t":{"p":{"products":[{"product_id":"',
)
_CURRENT = len(_DICTIONARIES)

_DECODER = json.JSONDecoder(parse_float=Decimal)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def dumps(value: Any) -> str:
    """Encode as compact JSON; a Decimal becomes a number with its own digits."""
    try:
        return _ENCODER.encode(value)
    except TypeError:
        return _write(value)


def loads(text: str | bytes) -> Any:
    """Decode JSON of ``dumps``: whole numbers as int, every other number as Decimal."""
    return json.loads(text, parse_float=Decimal)


def pack(value: Any) -> bytes:
    """Encode a JSON value in the shorter of its two stored forms."""
    plain = dumps(value).encode("utf-8", "surrogatepass")
    packer = zlib.compressobj(9, wbits=-15, zdict=_DICTIONARIES[_CURRENT - 1])
    packed = bytes((_CURRENT,)) + packer.compress(plain) + packer.flush()
    return packed if len(packed) < len(plain) or plain[0] < 32 else plain


def unpack(stored: bytes) -> Any:
    """Decode a stored value, of this release or an earlier one."""
    if stored[0] < 32:
        unpacker = zlib.decompressobj(wbits=-15, zdict=_DICTIONARIES[stored[0] - 1])
        stored = unpacker.decompress(stored[1:])
    text = stored.decode("utf-8", "surrogatepass")
    # ``decode`` looks for spaces before and after, which ``pack`` never writes and which takes as long as the rest.
    value, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError(f"{len(text) - end} characters too many")
    return value


def _write(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_ENCODER.encode(str(key))}:{_write(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_write, value)) + "]"
    if isinstance(value, Decimal):
        return _digits(value)
    return _ENCODER.encode(value)


def _digits(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("not a number of JSON")
    text = str(value)
    # Without a point or an exponent it would be read as an int.
    return text if "." in text or "E" in text else f"{text}E0"
