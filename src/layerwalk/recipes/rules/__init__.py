"""The chapters of the book: rules by family of ops."""
