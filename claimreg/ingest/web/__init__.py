"""Fetching from the web and reading its archives: addresses, HTTP, WARC (ISO 28500), WACZ; time stamps (RFC 3161) from an authority."""
