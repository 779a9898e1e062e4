"""Tests of `application/exports`."""
