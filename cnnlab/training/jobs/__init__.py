"""Runs in processes of their own: a queue that is fair, bounds, and endings that are told in a sentence.

`client` is what pages use; it loads no PyTorch. `broker` is the process that starts the runs.
"""
