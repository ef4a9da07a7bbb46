"""Tests of the rules about the changelog."""
