"""The built files of the page, as a closed list: what is not on it does not exist, whatever a path looks like."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from server.paths import STATIC

ENTRIES = {"index": "static/src/main.ts", "grade": "static/src/grade/main.ts"}
"""The script that each page loads."""
MANIFEST = "manifest.json"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
COMPRESSIBLE = frozenset({".css", ".html", ".js", ".json", ".map", ".md", ".svg"})
HASHED = re.compile(r"^assets/.*-[\w-]{8}\.\w+$")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class Asset(NamedTuple):
    """A file in memory, and once more compressed where that is worth it."""

    content: bytes
    packed: bytes | None
    type: str
    etag: str
    caching: str


class Entry(NamedTuple):
    """What the page loads first."""

    script: str
    styles: list[str]


class _Chunk(msgspec.Struct):
    file: str
    css: list[str] = []
    imports: list[str] = []


class Assets:
    """The files below `folder`, listed now, each read when it is first asked for."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._files: dict[str, Path] = {}
        self._read: dict[str, Asset] = {}
        self.entries: dict[str, Entry] = {}
        if not (folder / MANIFEST).is_file():
            return
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(folder).as_posix()
            if file.is_file() and file.suffix in TYPES and not name.startswith(".") and name != MANIFEST:
                self._files[name] = file
        chunks = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=dict[str, _Chunk])
        self.entries = {page: entry(chunks, name) for page, name in ENTRIES.items() if name in chunks}

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def names(self) -> list[str]:
        """Every name on the list."""
        return list(self._files)

    def ready(self, name: str) -> bool:
        """Whether the file has been read."""
        return name in self._read

    def get(self, name: str) -> Asset:
        """The file of this name. Raises KeyError."""
        if name not in self._read:
            self._read[name] = load(self._files[name], name)
        return self._read[name]


def entry(chunks: Mapping[str, _Chunk], name: str) -> Entry:
    """A script, and the styles of all that it imports before its own."""
    order: dict[str, None] = {}

    def visit(at: str) -> None:
        for source in chunks[at].imports:
            if source in chunks and source not in order:
                visit(source)
        order[at] = None

    visit(name)
    return Entry(chunks[name].file, list(dict.fromkeys(style for part in order for style in chunks[part].css)))


def load(file: Path, name: str) -> Asset:
    """Read and compress a file."""
    content = file.read_bytes()
    packed = gzip.compress(content, 6, mtime=0) if file.suffix in COMPRESSIBLE and len(content) > 1024 else None
    caching = FOR_EVER if HASHED.match(name) else ASK_AGAIN
    return Asset(content, packed, TYPES[file.suffix], etag(content), caching)


def etag(content: bytes) -> str:
    """A validator that changes with the content."""
    return f'"{hashlib.sha256(content).hexdigest()[:20]}"'
