"""What goes into a network and what can be seen inside it; a picture comes in here."""
