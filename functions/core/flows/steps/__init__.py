"""The kinds of step: one module each, found by ``flows.step_kinds``."""
