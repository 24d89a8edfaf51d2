"""Results to text: JSON, CSV, Markdown and screens. Nothing here prints, and nothing here reads."""
