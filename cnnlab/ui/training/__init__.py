"""The page Fine-tune: its sections, and the panels that other pages share with it."""
