"""Use-cases: what a resident, a worker, an admin and the clock may do.

This room knows `faq` and `storage` and no platform: no Telegram, no HTTP, no environment variable. Names are imported from their files.
"""
