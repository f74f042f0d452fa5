"""Names that are known before any event was received.

They are the e-commerce events of the Segment specification (version 2) with their properties, the events that the
sources emit, those of the engine's own e-mail, and those that the shipped definitions use.
"""

_CATALOGUE = """
Products Searched: query
Product List Viewed: list_id category products
Product List Filtered: list_id category filters sorts products
Promotion Viewed: promotion_id creative name position
Promotion Clicked: promotion_id creative name position
Product Clicked: product_id sku category name brand variant price quantity coupon position url image_url
Product Viewed: product_id sku category name brand variant price quantity coupon currency position value url image_url
Product Added: cart_id product_id sku category name brand variant price quantity coupon position url image_url
Product Removed: cart_id product_id sku category name brand variant price quantity coupon position url image_url
Cart Viewed: cart_id products
Cart Emptied: cart_id
Checkout Started: order_id checkout_id cart_id affiliation value revenue shipping tax discount coupon currency products
Checkout Updated: checkout_id cart_id total subtotal completed checkout_url channel products
Checkout Step Viewed: checkout_id step shipping_method payment_method
Checkout Step Completed: checkout_id step shipping_method payment_method
Payment Info Entered: checkout_id order_id step shipping_method payment_method
Order Completed: checkout_id order_id affiliation subtotal total revenue shipping tax discount coupon currency products
Order Updated: order_id affiliation total revenue shipping tax discount coupon currency products
Order Paid: order_id number total currency test
Order Refunded: order_id refund_id total currency products
Order Cancelled: order_id affiliation total revenue shipping tax discount coupon currency products cancel_reason
Order Voided: order_id affiliation total revenue shipping tax discount coupon currency products cancel_reason
Order Fully Refunded: order_id affiliation total revenue shipping tax discount coupon currency products cancel_reason
Coupon Entered: order_id cart_id coupon_id
Coupon Applied: order_id cart_id coupon_id coupon_name discount
Coupon Denied: order_id cart_id coupon coupon_id coupon_name reason
Coupon Removed: order_id cart_id coupon_id coupon_name discount
Product Added to Wishlist: wishlist_id wishlist_name product_id sku category name brand variant price quantity
Product Removed from Wishlist: wishlist_id wishlist_name product_id sku category name brand variant price quantity
Wishlist Product Added to Cart: wishlist_id wishlist_name cart_id product_id sku category name brand variant price
Product Shared: share_via share_message recipient product_id sku category name brand variant price url image_url
Cart Shared: share_via share_message recipient cart_id products
Product Reviewed: product_id review_id review_body rating
Signed Up: username type
Signed In: username
Signed Out: username
Application Installed: version build
Application Opened: from_background version build
Identified: context
Page Viewed: name path referrer search title url keywords category
Screen Viewed: name category
Group Joined: group_id
Aliased:
Customer Created:
Customer Updated:
Consent Changed: channel
Data Requested: request_id orders
Email Sent: message_id email_subject campaign_name cause
Email Delivered: message_id email_subject campaign_name cause
Email Opened: message_id email_subject campaign_name cause
Email Link Clicked: message_id email_subject campaign_name cause link_url
Email Bounced: message_id email_subject campaign_name cause bounce_type bounce_reason
Email Marked as Spam: message_id email_subject campaign_name cause complaint_type
Unsubscribed: channel
Store Entered: store_id store place latitude longitude
Store Left: store_id store place
Store Purchase: store_id order_id total currency products
Callback Requested:
Guest Arrived: booking_id
Room Booked: booking_id
Spa Booked: booking_id
Option Selected: option product_id
Option Removed: option product_id
"""
# Properties of products in a list, and those that storefronts add to orders and carts.
_MORE = """
product_id variant_id sku name title variant brand vendor category price compare_at_price line_price quantity image_url
url id number order_status_url channel test subtotal revenue total value currency tags collection email
"""
# The specification's reserved traits in both spellings, those that storefronts send, and those that the engine reads.
_TRAITS = """
address age avatar birthday company description email firstName first_name gender id lastName last_name name phone title
username website createdAt created_at city country country_code postalCode postal_code zip state province street plan
industry employees locale language timezone tags birthdate birth_date date_of_birth dob email_marketing_consent
"""


def _entries() -> dict[str, frozenset[str]]:
    lines = (line.partition(":") for line in _CATALOGUE.strip().splitlines())
    return {name: frozenset(properties.split()) for name, _, properties in lines}


EVENTS = _entries()
# Known for every event.
COMMON = frozenset(_MORE.split())
PROPERTIES = COMMON.union(*EVENTS.values())
TRAITS = frozenset(_TRAITS.split())
# The category values in the shipped segments.
CATEGORIES = frozenset({"Luxury Watches", "Outdoor", "Smartphones"})
