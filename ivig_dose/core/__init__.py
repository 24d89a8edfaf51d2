"""The calculation: pure functions from a request and a catalogue to a plan. No file, clock, terminal or format."""
