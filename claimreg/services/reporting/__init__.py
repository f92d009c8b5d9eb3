"""Contents of reports, listings and single records."""
