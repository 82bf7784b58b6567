"""The procurement room."""
