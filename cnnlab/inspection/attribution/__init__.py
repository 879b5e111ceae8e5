"""Why did the network say that? Which parts of a picture spoke for a category, by many methods."""
