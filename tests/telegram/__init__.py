"""Telegram, played over HTTP against a strict server of our own."""
