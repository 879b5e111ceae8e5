"""The architectures on their pages: what the browser is told of a network, and how it asks."""
