"""Tests of `activities/rendering`."""
