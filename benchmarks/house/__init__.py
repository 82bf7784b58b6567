"""How many places must a hand touch to change one thing, before and after."""
