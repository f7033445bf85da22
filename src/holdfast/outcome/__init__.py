"""How the client is doing: reliable change."""
