"""Outside services behind a protocol of the use-cases; each has a twin that does nothing, and none is needed to run."""
