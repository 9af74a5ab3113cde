"""Larger trials than the tests hold: each tries something many times and counts how often it held."""
