"""Tests of checking what is kept."""
