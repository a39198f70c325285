"""`winnow chat`: messages in, the recipe and what it would do after each of them."""
