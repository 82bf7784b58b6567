"""The geo room."""
