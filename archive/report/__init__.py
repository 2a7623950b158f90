"""Portals by days, fill and coverage, as one HTML file that needs no server, no script and nothing from elsewhere."""
