"""CNN Lab: an interactive teaching app for convolutional networks."""

__version__ = "0.1.0"
