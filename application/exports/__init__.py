"""Exports: making and checking them."""
