"""Sending letters over SMTP."""
