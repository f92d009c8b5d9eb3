"""Reading of documents: from whatever a reporter has to a text and what the document says of itself.

Each format has a module of its own in `formats`, around the library that is made for it; `extract` chooses among them. What fetches
is apart, in `web`, and what reads hostile bytes runs in a process of its own, see `claimreg.ingest.sandbox.pool`.
"""
