"""Review: web pages for managers, served on loopback from the journal's events. Never connects anywhere itself."""
