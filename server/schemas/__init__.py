"""What goes in and out, as records: they decode requests, and the OpenAPI document is made from them."""
