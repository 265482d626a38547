"""The values that flow through the harness, in the order in which they flow."""
