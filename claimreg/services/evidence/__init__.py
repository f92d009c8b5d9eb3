"""Keeping the evidence whole, and handing it on with its history."""
