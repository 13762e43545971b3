"""Shapes and frames as numpy arrays. Imports numpy and nothing else; knows neither the format nor an engine."""
