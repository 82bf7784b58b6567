"""The engagement room."""
