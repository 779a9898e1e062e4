"""Running the whole system on one machine."""
