"""Use-cases that a resident starts."""
