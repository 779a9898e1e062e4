"""Tables and views that are derived from the event log."""
