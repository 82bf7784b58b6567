"""The raid: SimPy, plain Python and the kernel side by side."""
