"""Renders letters, documents and pages from templates, and publishes reports."""
