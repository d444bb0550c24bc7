import json
import re
from pathlib import Path
from typing import Any

import pytest

from engine.errors import CODES, EngineError
from engine.syntax import parse
from tests.engine.syntax.test_mistakes import ALL

ROOT = Path(__file__).parents[3]
CATALOGUES: dict[str, dict[str, str]] = {
    locale: json.loads((ROOT / f"server/locale/{locale}/errors.json").read_text(encoding="utf-8"))
    for locale in ("en", "zh")
}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("locale", CATALOGUES)
def test_every_code_has_a_message(locale: str) -> None:
    messages = {key.removeprefix("error.") for key in CATALOGUES[locale] if key.startswith("error.")}
    assert messages == CODES


def test_both_languages_say_the_same_with_the_same_words() -> None:
    english, chinese = CATALOGUES["en"], CATALOGUES["zh"]
    assert list(english) == list(chinese)
    for key, message in english.items():
        assert set(PLACEHOLDER.findall(message)) == set(PLACEHOLDER.findall(chinese[key])), key
        assert re.search(r"[\u4e00-\u9fff]", chinese[key]), key


def test_every_hint_that_is_written_is_used() -> None:
    engine = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "engine").rglob("*.py"))
    hints = [key.removeprefix("hint.") for key in CATALOGUES["en"] if key.startswith("hint.")]
    assert [hint for hint in hints if f'"{hint}"' not in engine] == []


OTHERS = [
    "x" * 65,
    "1" * 41,
    " " * 33000,
    "(" * 2001,
    "+".join(f"x{i}" for i in range(1001)),
    "x²" * 7000,
    "f(x) = x; x",
]


@pytest.mark.parametrize("source", [*(row[0] for row in ALL), *OTHERS], ids=lambda source: ascii(source)[:30])
@pytest.mark.parametrize("locale", CATALOGUES)
def test_every_placeholder_is_filled(source: str, locale: str) -> None:
    with pytest.raises(EngineError) as caught:
        parse(source)
    error = caught.value
    words: dict[str, Any] = error.params
    for key in (f"error.{error.code}", f"hint.{error.hint}"):
        assert set(PLACEHOLDER.findall(CATALOGUES[locale][key])) <= set(words), key
