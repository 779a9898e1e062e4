"""Scripted inspections on skipped time."""
