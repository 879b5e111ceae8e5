"""How fast the app is, beside a named peer: `python -m benchmarks` measures everything in one run.

Each benchmark is a module of its own; `catalogue.py` lists them. Nothing here decides whether the app is
right: the tests do.
"""
