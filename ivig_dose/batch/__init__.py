"""Many patients at once: rows in, one answer per row out, in order. One bad row never stops the rest."""
