"""Your server: spawner, storage, limits."""
