"""What others take away: a client in one file, which imports nothing but the standard library."""

from pathlib import Path

CLIENT = Path(__file__).parent / "wengert_client.py"
