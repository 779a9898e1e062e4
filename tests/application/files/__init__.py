"""Tests of `application/files`."""
