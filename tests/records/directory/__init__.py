"""Tests of `records/directory`."""
