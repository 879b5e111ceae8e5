"""Lessons on the page: what `cnnlab.course` has read is drawn, asked and stored here."""
