"""Backups of everything, and putting one back."""
