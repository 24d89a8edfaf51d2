"""Screens: what a person reads of a dose, an order, a grid or the catalogue. Nothing here prints.

A screen is a `layout.Block`: Rich prints it with `console.print(block, crop=False)`, and `layout.write_plain` turns it
into text without Rich. Lines are wrapped between words only, and a number is one word with its unit, so that no width
cuts a dose. Colour repeats what stands in words.

`dose.lay_out_plan`, `dose.lay_out_refusal`, `check.lay_out_check`, `compare.lay_out_comparison`,
`grid.lay_out_grid`, `entries.lay_out_list` and `entries.lay_out_entry` make the screens of the commands.
"""
