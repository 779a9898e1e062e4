"""Tests of taking an inspection away, and of checking what was taken."""
