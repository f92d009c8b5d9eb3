"""The commands: each parses, calls a service and renders. The only place that knows Typer, streams, the clock and the environment."""
