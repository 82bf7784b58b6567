"""Inputs nobody would think of, thrown at every door: what is read is right or refused in one sentence."""
