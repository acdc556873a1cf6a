"""Rules of files: rows of working and output files, what is kept in the storage, and the register of it."""
