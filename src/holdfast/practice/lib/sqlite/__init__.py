"""A database engine for Django: encrypted SQLite with one write lock in front."""
