"""The console: the social workers' desk in a browser, on a phone and on a large screen."""
