"""Telegram: residents' groups, private chats and the staff forum, over the Bot API.

`updates` reads what came, `intake` hands it on in order, `polling` and `webhook` are the two ways it comes. `replies` and
`layout` give a reply its form, `sending` takes it there at the pace that the platform allows. Nothing here decides.
"""
