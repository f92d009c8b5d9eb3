"""Say what was altered in an accepted place: each pair of words that differ is judged again, by the letters as they are written.

The search takes words for the same generously, so that places are found; here a person is told what they may believe. What is found,
and how likely it is, does not depend on it. Words are judged by the language of the passage, a dictionary of it, this document and this
quote, and nothing else: the same document gives the same answer, whatever else was asked for.

:func:`claimreg.linker.judge.place.judged` is where it begins. Most places have the quote's very words, so that is told first, and what
judges them is imported with the first place that has not.
"""
