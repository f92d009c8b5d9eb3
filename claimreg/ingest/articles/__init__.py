"""Articles with their structure: what a reader sees of a draft, in blocks with a role, each character with its place in the file.

`claimreg.ingest.extract` gives a source's text, and drops on the way what a draft's quotations hang on: which words stand in a block
quotation, who is named below it, and what is code. `reading` is the way in.
"""
