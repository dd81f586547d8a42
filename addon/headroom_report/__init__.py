"""What compression saves: measured on recorded sessions, or counted while it runs; as values, tables and a page."""
