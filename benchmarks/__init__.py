"""What is measured, and with what pages."""
