"""The routes of the API, one router an area: what may be asked and the function that answers. Paths say ``<id>``."""
