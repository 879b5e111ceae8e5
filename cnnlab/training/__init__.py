"""Training of networks: first of those that come with the app.

It does not know the interface; it is imported by commands and workers, never by a page.
"""
