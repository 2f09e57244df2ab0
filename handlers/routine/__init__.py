"""Use-cases that the clock starts."""
