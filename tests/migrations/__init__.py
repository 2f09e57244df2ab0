"""Every step of the tables, both ways, on both databases."""
