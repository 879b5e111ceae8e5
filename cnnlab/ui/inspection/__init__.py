"""The pages that look inside a network and ask why: what they share, and a panel for each lens.

A panel is one function `…_panel(key, model, picture)`, so that a lesson can show it, too.
"""
