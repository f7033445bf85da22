"""Who may see what here."""
