"""Screens: what a person reads of a dose, an order, a grid or the catalogue. Nothing here prints.

A screen is a renderable of Rich, made of `words` (text that never parts a number from its unit) and `rows` (tables that
become sentences where they have no room). `Screen` goes around it where it is printed: `console.print(Screen(screen),
crop=False)`. Colour repeats what stands in words. These modules import Rich and are imported where a screen is shown.

`dose.lay_out_plan`, `check.lay_out_check`, `compare.lay_out_comparison`, `grid.lay_out_grid`, `entries.lay_out_list`,
`entries.lay_out_entry` and `summary.lay_out_summary` make the screens of the commands.
"""
