"""Completion in bash, zsh and fish: what may come next on a command line, told in a moment and in silence."""
