"""Whether a statement has been said before: statements ranked by how like they are, and what sets two of them apart.

A first stage weighs shared letter groups and words, a second one looks closely at the likeliest. Pure; NumPy and RapidFuzz.
"""
