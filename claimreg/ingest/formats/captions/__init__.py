"""Captions, subtitles and transcripts with times, in each of their formats: what a listener hears, and when.

Own reading rather than a library's: those for these formats refuse a damaged file whole, and what people have is damaged.
pysubs2, which is kept up, reads most of them, but drops who speaks, and knows neither nested times nor what speech recognition writes.
"""
