"""Measurements of speed, with the accuracy beside it."""
