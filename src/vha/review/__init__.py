"""What oversight bodies are handed: the pack of a closed quarter, and the yearly review made from them."""
