"""The labs: each is written once and serves as a page and inside lessons."""
