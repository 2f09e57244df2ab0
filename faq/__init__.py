"""Knowledge: text, languages, entries and matching. Knows nothing of SQL, channels, tickets or async."""
