"""Tests of `operations/backup`."""
