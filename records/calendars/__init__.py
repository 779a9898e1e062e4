"""Versions of the calendar."""
