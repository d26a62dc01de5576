"""What is wrong with a network, told by what it does to a few images."""
