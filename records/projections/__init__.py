"""What is derived from the event log."""
