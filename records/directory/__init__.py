"""Authorities and people."""
