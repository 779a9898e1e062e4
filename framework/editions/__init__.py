"""Editions of the framework: one folder of tables each."""
