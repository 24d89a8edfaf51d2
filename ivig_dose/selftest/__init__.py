"""The golden cases that are shipped, and what an installation makes of them."""
