"""The commands, a file for each thing people come for; heavy imports stay inside them."""
