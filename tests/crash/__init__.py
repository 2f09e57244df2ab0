"""Linli as processes that are killed: whatever was said yes to must be there afterwards, once."""
