"""Scores, which are step functions of time: points by rules, and recency, frequency and monetary value of orders."""
