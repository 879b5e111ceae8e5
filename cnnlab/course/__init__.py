"""Lessons: their text, their questions, and what a learner has answered."""
