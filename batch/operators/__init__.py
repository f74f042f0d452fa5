"""Columnar implementations of operators, one module each; ``batch.registry`` finds them."""
