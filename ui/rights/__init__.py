"""What a client may ask: requests, corrections and links, filed by advisor or client."""
