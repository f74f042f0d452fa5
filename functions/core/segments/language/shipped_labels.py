"""The labels of the standard vocabulary: a verb and its negation for each event, and further wordings for some.

No two labels share a wording, so that the language can parse them.
"""

from functions.core.segments.language.label import Events, Label, Labels

_VERBS = """
Page Viewed: viewed a page | did not view a page
Screen Viewed: viewed a screen | did not view a screen
Products Searched: searched for products | did not search for products
Product List Viewed: viewed a list of products | did not view a list of products
Product List Filtered: filtered a list of products | did not filter a list of products
Promotion Viewed: saw a promotion | did not see a promotion
Promotion Clicked: clicked a promotion | did not click a promotion
Product Clicked: clicked a product | did not click a product
Product Viewed: viewed a product | did not view a product
Product Added: added to a cart | did not add to a cart
Product Removed: took something out of a cart | did not take anything out of a cart
Cart Viewed: viewed a cart | did not view a cart
Cart Emptied: emptied a cart | did not empty a cart
Checkout Started: started a checkout | did not start a checkout
Checkout Updated: changed a checkout | did not change a checkout
Checkout Step Viewed: viewed a step of a checkout | did not view a step of a checkout
Checkout Step Completed: completed a step of a checkout | did not complete a step of a checkout
Payment Info Entered: entered how to pay | did not enter how to pay
Order Completed: ordered | did not order
Order Updated: had an order changed | had no order changed
Order Paid: paid an order | did not pay an order
Order Refunded: was paid back | was not paid back
Order Cancelled: had an order cancelled | had no order cancelled
Order Voided: had an order voided | had no order voided
Order Fully Refunded: had an order refunded in full | had no order refunded in full
Coupon Entered: entered a coupon | did not enter a coupon
Coupon Applied: used a coupon | did not use a coupon
Coupon Denied: had a coupon refused | had no coupon refused
Coupon Removed: took off a coupon | did not take off a coupon
Product Added to Wishlist: added to a wishlist | did not add to a wishlist
Product Removed from Wishlist: took something off a wishlist | did not take anything off a wishlist
Wishlist Product Added to Cart: added to a cart from a wishlist | did not add to a cart from a wishlist
Product Shared: shared a product | did not share a product
Cart Shared: shared a cart | did not share a cart
Product Reviewed: reviewed a product | did not review a product
Signed Up: signed up | did not sign up
Signed In: signed in | did not sign in
Signed Out: signed out | did not sign out
Application Installed: installed the app | did not install the app
Application Opened: opened the app | did not open the app
Group Joined: joined a group | did not join a group
Customer Created: was registered as a customer | was not registered as a customer
Customer Updated: had customer details changed | had no customer details changed
Consent Changed: changed their consent | did not change their consent
Data Requested: asked for their data | did not ask for their data
Email Sent: was sent an e-mail | was not sent an e-mail
Email Delivered: received an e-mail | did not receive an e-mail
Email Opened: opened an e-mail | did not open an e-mail
Email Link Clicked: clicked in an e-mail | did not click in an e-mail
Email Bounced: had an e-mail bounce | had no e-mail bounce
Email Marked as Spam: marked an e-mail as spam | did not mark an e-mail as spam
Unsubscribed: opted out | did not opt out
Store Entered: entered a store | did not enter a store
Store Left: went out of a store | did not go out of a store
Store Purchase: bought in a store | did not buy in a store
Callback Requested: asked for a call back | did not ask for a call back
Guest Arrived: arrived as a guest | did not arrive as a guest
Room Booked: booked a room | did not book a room
Spa Booked: booked a spa visit | did not book a spa visit
Option Selected: selected an option | did not select an option
Option Removed: removed an option | did not remove an option
"""

_MORE: dict[Events, Label] = {
    ("Product Added",): Label(start={"cart_id": "filled a cart"}),
    ("Cart Emptied",): Label(end={"cart_id": "empty it"}),
    ("Checkout Started",): Label(start={"cart_id": "started to check out a cart"}, end={"cart_id": "check it out"}),
    ("Product Added", "Checkout Started"): Label(start={"cart_id": "left a cart"}),
    ("Order Completed",): Label(sum={"total": "spent"}, several="orders", end={"cart_id": "order it"}),
    ("Store Purchase",): Label(sum={"total": "spent in a store"}),
    ("Email Sent",): Label(several="sent e-mails"),
    ("Email Delivered",): Label(several="e-mails", joined="cause"),
    ("Email Opened",): Label(of="opened"),
    ("Email Link Clicked",): Label(of="clicked in"),
}


def _labels() -> Labels:
    """The verbs merged with the further wordings."""
    labels = dict(_MORE)
    for line in _VERBS.strip().splitlines():
        event, _, verbs = line.partition(": ")
        past, _, negative = verbs.partition(" | ")
        labels[event,] = labels.get((event,), Label())._replace(past=past, negative=negative)
    return labels


SHIPPED = _labels()
