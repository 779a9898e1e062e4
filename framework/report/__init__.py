"""Headings and grades of a report."""
