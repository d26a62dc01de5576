"""Surfaces: what a user touches. They ask the other rooms and compute nothing themselves.

:mod:`.summary` counts what a table says of an op, :mod:`.album` chooses the pictures of a
walk, :mod:`.folder` writes them; :mod:`.cli` is the command line.
"""
