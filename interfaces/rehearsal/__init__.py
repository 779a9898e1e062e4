"""Scripted inspections, played on skipped time with every other part real."""
