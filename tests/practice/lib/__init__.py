"""Tests of the practice app."""
