"""Nights: whose turn it is, what becomes of each portal, what is told."""
