"""The command line: the only part that reads arguments, prints, and knows exit codes."""
