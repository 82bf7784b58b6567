"""Tests of what the docstrings say."""
