"""Tests of `application/runtime`."""
