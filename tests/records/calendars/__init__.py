"""Tests of `records/calendars`."""
