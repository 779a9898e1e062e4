"""Editions of the framework."""
