"""The radar room."""
