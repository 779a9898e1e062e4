"""Temporal activities: they write records, render documents and send letters."""
