"""The web pages: the application that serves them, the staff console, and what all pages share."""
