"""The sensing room."""
