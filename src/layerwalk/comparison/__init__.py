"""Two walks laid side by side: where they part, by how much, and why."""
