"""Draws the 37 characters of one font side by side, for a renderer without fonts; README.md says how to run it."""

import sys

from PIL import Image

import train

train.FINE = 56
pictures = train.drawn(sys.argv[1], train.ALPHABET)
height, width = pictures.shape[1], train.FINE * len(train.ALPHABET)
atlas = Image.new("L", (width, height))
for index, picture in enumerate(pictures):
    atlas.paste(Image.fromarray((picture.numpy() * 255).round().astype("uint8")), (index * train.FINE, 0))
atlas.save(sys.argv[2], optimize=True)
