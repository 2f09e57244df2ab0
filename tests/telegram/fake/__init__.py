"""A Bot API server for tests and the demo: strict where Telegram is strict, on loopback, in a thread or process of its own.

`world` holds chats, people and messages; `people` acts as people do; `methods` answer the bot; `server` is the HTTP around it.
"""
