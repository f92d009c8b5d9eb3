"""Turning views into text: for the terminal, for Markdown, for machines. Text of others is shown, never obeyed."""
