"""One router a file; `server.app.ROUTERS` lists them."""
