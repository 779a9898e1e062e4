"""Inspections: commit, state, submissions, erasure."""
