"""What a questionnaire is, how one is read, and the questionnaires themselves as data."""
