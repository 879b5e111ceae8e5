"""Networks that come with CNN Lab, the data that they learned from, and how they are loaded.

Nothing here is downloaded. What they are called, what their outputs stand for and where their files are is in
`models`, which imports no PyTorch; the rest does, or does so when it is called.
"""
