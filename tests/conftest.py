"""Settings for every test."""

from hypothesis import settings

# The same examples in every run, and no failure for a slow machine.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
