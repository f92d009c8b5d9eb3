"""Deciding on what was proposed."""
