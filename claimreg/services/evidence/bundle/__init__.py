"""Evidence in one file: claims as a BagIt bag in a zip, which anybody can check and another registry take over."""
