"""A plan's document computed again: is it identical, or what changed and which entry of the catalogue moved it."""
