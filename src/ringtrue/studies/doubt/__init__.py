"""Doubt as a result: which unknown moves an answer, what knowing it would be worth, and where sources disagree."""
