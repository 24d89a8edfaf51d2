"""The catalogue: its models, and reading, checking and comparing the files that hold it."""
