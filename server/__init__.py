"""The HTTP API, the page and the command line: it knows the engine's names, none of its algorithms."""
