import re

import pytest

from engine.errors import CODES
from engine.examples import EXAMPLES
from engine.passes import PASSES
from engine.passes.simplify import RULES
from server.errors import STATUS
from server.locale import FILES, LOCALES, Catalogue, catalogue, negotiate, read

HAN = re.compile(r"[\u4e00-\u9fff]")
SAME_IN_BOTH = re.compile(r"^[\sA-Za-z0-9{}$\\^_+\-=·%×,.:;/()]*$")  # names and formulas need no translation
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("file", ["page", *FILES])
def test_both_languages_have_the_same_keys(file: str) -> None:
    en, zh = (read(locale, file) for locale in LOCALES)
    assert en.keys() == zh.keys()
    assert list(en) == list(zh), "in the same order, so that they can be read side by side"


@pytest.mark.parametrize("file", ["page", *FILES])
def test_both_languages_have_the_same_placeholders(file: str) -> None:
    en, zh = (read(locale, file) for locale in LOCALES)
    odd = {key for key in en if set(PLACEHOLDER.findall(en[key])) != set(PLACEHOLDER.findall(zh[key]))}
    assert odd == set()


@pytest.mark.parametrize("file", ["page", *FILES])
def test_chinese_is_chinese(file: str) -> None:
    en, zh = (read(locale, file) for locale in LOCALES)
    assert {key: zh[key] for key in zh if not HAN.search(zh[key]) and not SAME_IN_BOTH.match(zh[key])} == {}
    assert {key: en[key] for key in en if HAN.search(en[key])} == {}


def test_the_servers_files_do_not_overlap() -> None:
    keys = [key for file in FILES for key in read("en", file)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_that_can_be_said_has_a_message(locale: str) -> None:
    words = catalogue(locale)
    wanted = [f"error.{code}" for code in (*CODES, *STATUS)]
    wanted += [f"{kind}.{name}" for kind in ("pass", "about") for name in PASSES]
    wanted += [f"law.{rule}" for rule in RULES]
    assert [key for key in wanted if key not in words] == []


def test_a_lesson_says_what_a_method_does_costs_errs_and_is_for() -> None:
    keys = list(read("en", "lessons"))
    methods = list(dict.fromkeys(key.split(".")[1] for key in keys))
    assert len(methods) == 8
    parts = ("title", "what", "cost", "error", "use")
    assert keys == [f"lesson.{method}.{part}" for method in methods for part in parts]
    for locale in LOCALES:
        assert all(text.count("$") % 2 == 0 for text in read(locale, "lessons").values())


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
def test_examples_are_in_both_languages(example: object) -> None:
    for field in ("title", "about"):
        texts = getattr(example, field)
        assert set(texts) == set(LOCALES)
        assert HAN.search(texts["zh"])
        assert not HAN.search(texts["en"])


def test_words_are_inserted_once_and_as_they_are() -> None:
    words = Catalogue("en", {"a": "{x} and {y}", "b": "<{inner}>"})
    assert words.say("a", x="{y}", y="{x.__class__}") == "{y} and {x.__class__}"
    assert words.say("a", x=1, y=2.5) == "1 and 2.5"
    assert words.say("a", x="\\1 \\g<0>", y="%s") == "\\1 \\g<0> and %s"
    assert words.say("b", inner=("a", {"x": "p", "y": "q"})) == "<p and q>"


def test_nothing_but_a_word_is_inserted() -> None:
    words = Catalogue("en", {"a": "{0} {x.real} {x!r} {x:>9} {missing} \\frac{1}{x}"})
    assert words.say("a", x="v") == "{0} {x.real} {x!r} {x:>9} {missing} \\frac{1}v"


def test_a_shorter_key_serves() -> None:
    words = Catalogue("en", {"why": "w", "why.partial": "p"})
    assert words.say("why.partial.mul.0") == "p"
    assert words.say("why.else") == "w"
    assert words.say("nothing.here") == "nothing.here"


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        ("", "en"), ("zh", "zh"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("zh-TW", "zh"), ("ZH-hans", "zh"),
        ("en-US,zh;q=0.5", "en"), ("fr,de", "en"), ("fr,zh;q=0.1", "zh"), ("en;q=0.1,zh;q=0.2", "zh"), ("zh;q=0", "en"),
        ("*", "en"), ("zh;q=nan,en", "en"), ("zh;q=2", "en"), (",,;;q=,", "en"), ("zh_CN.UTF-8", "zh"),
        ("C.UTF-8", "en"), ("zhongwen", "en"), ("zh" * 10_000, "en"),
    ],
)  # fmt: skip
def test_negotiation(wanted: str, locale: str) -> None:
    assert negotiate(wanted) == locale
