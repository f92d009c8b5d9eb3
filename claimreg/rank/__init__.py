"""Ranking of earlier statements by how like they are to a new one, and of the differences between two of them.

A first stage weighs shared letter groups and words, a second one looks closely at the likeliest. Pure; NumPy and RapidFuzz.
"""
