"""What the hub costs and how fast it is, measured beside a plain deployment: ``make bench``."""
