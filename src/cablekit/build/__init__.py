"""Trees to models: one module for each grammar file."""
