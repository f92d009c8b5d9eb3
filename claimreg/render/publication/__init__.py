"""Reports that a desk can publish as they stand: the values that templates show, and the templates."""
