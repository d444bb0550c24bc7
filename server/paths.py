"""Where the page's files are: inside the package in an installed wheel, at the project's root in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ASSETS = _PACKAGE / "_assets"

STATIC = _ASSETS / "static" if _ASSETS.is_dir() else _PACKAGE.parent / "static" / "dist"
"""The built bundle: `manifest.json` and everything it names."""

TEMPLATES = _ASSETS / "templates" if _ASSETS.is_dir() else _PACKAGE.parent / "templates"
"""The Jinja2 pages."""
