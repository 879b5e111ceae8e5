"""How the database came to its tables: one module a step, the newest last; they are never edited."""
