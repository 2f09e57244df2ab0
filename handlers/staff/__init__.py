"""Use-cases that a social worker or an admin starts."""
