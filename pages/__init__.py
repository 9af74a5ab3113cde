"""The pages: one script each, and the parts they are put together from."""
