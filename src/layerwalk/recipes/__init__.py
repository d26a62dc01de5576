"""Recipes: how any single number was made, as plain data."""
