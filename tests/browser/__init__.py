"""Tests of the page in a real Chromium: a package, so that the browser is closed after the last of them."""
