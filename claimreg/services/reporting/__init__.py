"""What reports, listings and single records show."""
