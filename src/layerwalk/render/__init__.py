"""Arrays to pictures: scales, colours, tiles and figures, with numpy, Pillow, matplotlib."""
