"""Refreshes against the local server, with three small connectors of their own."""
