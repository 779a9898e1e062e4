"""Answers of use cases as JSON and as words."""
