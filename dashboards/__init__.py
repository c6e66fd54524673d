"""Pages, session state, the server and the command line."""
