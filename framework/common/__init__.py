"""Shared by all rules: errors, validation, identifiers, free text."""
