"""Panels to press: widgets as values, their picture, and which one is hit. They know nothing of what they are for."""
