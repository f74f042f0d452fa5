"""Numbers that are steps of time: points by rules, and recency, frequency and value of the orders."""
