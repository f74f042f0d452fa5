"""Requests and answers of the API as pydantic models: what is checked, answered and described in OpenAPI.

A model is built when it is first used (``defer_build``), so that a cold start pays for the operation asked for alone.
"""
