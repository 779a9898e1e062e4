"""Tests of `activities/recording`."""
