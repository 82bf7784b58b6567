"""Every study asked in one way: the table of studies, what they are asked with, and results that show and hand on."""
