"""Processes that read what a stranger wrote: bounded in time and memory, unable to write, to start programs or to connect."""
