"""Link many quotes against many documents: files in, a file out, in one process or several.

The output is the same bytes for any number of workers, and whether or not the scan was killed and gone on with.
"""
