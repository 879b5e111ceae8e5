"""What the interface says in each language, as text, and how the texts are collected from the sources."""
