"""Tests of `activities/support`."""
