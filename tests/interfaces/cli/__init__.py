"""Tests of `interfaces/cli`."""
