"""Small tools without models: database engine and write lock, clock, crypto, keys."""
