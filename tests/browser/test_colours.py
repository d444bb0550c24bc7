"""The colours, computed: text and lines have contrast, and the three data colours differ for every kind of sight."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

TOKENS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text()
THEMES = {
    "light": ":root",
    "dark": '[data-theme="dark"]',
    "hall": '[data-theme="hall"]',
    "system": ":root:not([data-theme])",
}


def tokens(selector: str) -> dict[str, str]:
    """The colours of a theme; what it does not name it has from the light one."""
    body = re.search(r"(?m)^\s*" + re.escape(selector) + r" \{([^}]*)\}", TOKENS)
    assert body, selector
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", body[1]))


COLOURS = {theme: tokens(":root") | tokens(selector) for theme, selector in THEMES.items()}


def linear(colour: str) -> np.ndarray:
    """Linear light, three channels of 0 to 1."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = np.array([int(digits[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(weights @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


# Machado, Oliveira and Fernandes 2009, severity 1.0; they act on linear light.
SIGHT = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def lab(light: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear sRGB, D65."""
    matrix = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    xyz = matrix @ np.clip(light, 0, 1) / (matrix @ np.ones(3))
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """CIEDE2000, after Sharma, Wu and Dalal 2005."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lm, cm, hm = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = 1 - 0.17 * cosd(hm - 30) + 0.24 * cosd(2 * hm) + 0.32 * cosd(3 * hm + 6) - 0.20 * cosd(4 * hm - 63)
    sl, sc, sh = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2), 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rotation = -2 * np.sqrt(cm**7 / (cm**7 + 25.0**7)) * np.sin(np.radians(60 * np.exp(-(((hm - 275) / 25) ** 2))))
    lightness, chroma, hue = dl / sl, dc / sc, dh / sh
    return float(np.sqrt(lightness**2 + chroma**2 + hue**2 + rotation * chroma * hue))


def cosd(degrees: float) -> float:
    return float(np.cos(np.radians(degrees)))


def test_the_computation_agrees_with_the_published_pairs() -> None:
    """Rows 1, 7, 13 and 25 of Sharma's table; and black on white is 21."""
    for one, other, published in (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, -0.001, 2.49), (50, 0.0011, -2.49), 4.7461),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ):
        assert difference(np.array(one, float), np.array(other, float)) == pytest.approx(published, abs=1e-4)
    assert contrast("#000", "#fff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_a_contrast_of_four_and_a_half_and_lines_of_three(theme: str) -> None:
    colours = COLOURS[theme]
    grounds = ["bg", "surface", "active", "primal-tint", "adjoint-tint", "tangent-tint"]
    weak = [
        f"{name} on {ground}: {contrast(colours[name], colours[ground]):.2f}"
        for names, least in (
            (["ink", "ink2", "primal", "tangent", "adjoint", "ok", "err"], 4.5),
            (["line", "primal-line", "adjoint-line", "tangent-line"], 3),
        )
        for name in names
        for ground in grounds
        if contrast(colours[name], colours[ground]) < least
    ]
    assert weak == []


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", THEMES)
def test_value_tangent_and_adjoint_differ_for_every_kind_of_sight(theme: str, sight: str) -> None:
    seen = {name: lab(SIGHT[sight] @ linear(COLOURS[theme][name])) for name in ("primal", "tangent", "adjoint")}
    for one, other in combinations(seen, 2):
        assert difference(seen[one], seen[other]) >= 20, f"{one} and {other}"


def test_the_dark_theme_of_the_system_is_the_dark_theme() -> None:
    assert COLOURS["system"] == COLOURS["dark"]
