"""Rules of files: what is kept in the storage, and the register of it."""
