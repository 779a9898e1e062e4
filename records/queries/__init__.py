"""Queries for screens and reports, across tables. They return rows, not objects of the framework."""
