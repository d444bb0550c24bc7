"""Convolution and pooling against loops, hand-computed numbers and numpy.convolve; ties; the closed triple of maps."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from engine import limits
from engine.ops import convolution
from engine.primitive import REGISTRY, ShapeError

rng = np.random.default_rng(7)


def value(name: str, *xs: Any, **statics: Any) -> Any:
    return REGISTRY[name](*[np.asarray(x, dtype=float) for x in xs], **statics)


def pull(name: str, argnum: int, t: Any, *xs: Any, **statics: Any) -> Any:
    op, xs = REGISTRY[name], tuple(np.asarray(x, dtype=float) for x in xs)
    return op.pull(argnum, np.asarray(t, dtype=float), op(*xs, **statics), xs, {**op.statics, **statics})


def by_loops(x: Any, w: Any, stride: int, padding: int) -> Any:
    """The definition, for (batch, channels, rows, columns)."""
    x = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    extents = [(n - k) // stride + 1 for n, k in zip(x.shape[2:], w.shape[2:], strict=True)]
    y = np.zeros((x.shape[0], w.shape[0], *extents))
    for b, o, i, j in np.ndindex(y.shape):
        for c, k, m in np.ndindex(w.shape[1:]):
            y[b, o, i, j] += x[b, c, stride * i + k, stride * j + m] * w[o, c, k, m]
    return y


def jacobian(name: str, xs: list[Any], argnum: int, **statics: Any) -> Any:
    """By unit vectors: exact, for a map that is linear in the argument."""
    columns = []
    for unit in np.eye(xs[argnum].size):
        moved = [unit.reshape(x.shape) if k == argnum else x for k, x in enumerate(xs)]
        columns.append(np.ravel(value(name, *moved, **statics)))
    return np.array(columns).T


# ---- convolution ----


def test_a_kernel_slides_without_being_turned_round() -> None:
    assert value("conv1d", [1, 2, 3, 4], [1, 0, -1]).tolist() == [-2, -2]
    assert value("conv1d", [1, 2, 3], [1, 10], padding=1).tolist() == [10, 21, 32, 3]
    assert value("conv1d", [1, 2, 3, 4, 5], [1, 1], stride=2).tolist() == [3, 7]
    image, kernel = np.arange(9.0).reshape(3, 3), [[1, 2], [3, 4]]
    assert value("conv2d", image, kernel).tolist() == [[27, 37], [57, 67]]


def test_it_is_numpys_convolution_with_the_kernel_turned_round() -> None:
    x, w = rng.normal(size=9), rng.normal(size=4)
    np.testing.assert_allclose(value("conv1d", x, w), np.convolve(x, w[::-1], "valid"), rtol=1e-13)
    np.testing.assert_allclose(value("conv1d", x, w, padding=3), np.convolve(x, w[::-1], "full"), rtol=1e-13)


@pytest.mark.parametrize(("stride", "padding"), [*product([1, 2, 3], [0, 1, 2])])
def test_it_is_the_definition(stride: int, padding: int) -> None:
    x, w = rng.normal(size=(2, 3, 5, 6)), rng.normal(size=(4, 3, 3, 2))
    how = {"stride": stride, "padding": padding}
    expected = by_loops(x, w, **how)
    np.testing.assert_allclose(value("conv2d", x, w, **how), expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(value("conv2d", x[0], w, **how), expected[0], rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(
        value("conv2d", x[0, 0], w[0, 0], **how), by_loops(x[:1, :1], w[:1, :1], **how)[0, 0], rtol=1e-12, atol=1e-13
    )
    lines = by_loops(x[..., :1].swapaxes(2, 3), w[..., :1].swapaxes(2, 3), stride, 0)[:, :, 0]
    np.testing.assert_allclose(value("conv1d", x[..., 0], w[..., 0], stride=stride), lines, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("stride", "padding"), [*product([1, 2, 3], [0, 1, 2])])
@pytest.mark.parametrize("shapes", [((6,), (3,)), ((2, 2, 5), (3, 2, 4)), ((4, 5), (2, 3)), ((2, 4, 3), (2, 2, 3, 2))])
def test_both_transposes_are_transposed_jacobians(shapes: Any, stride: int, padding: int) -> None:
    name = "conv1d" if len(shapes[1]) % 2 else "conv2d"
    how = {"stride": stride, "padding": padding}
    xs = [rng.normal(size=shape) for shape in shapes]
    t = rng.normal(size=np.shape(value(name, *xs, **how)))
    for k in (0, 1):
        expected = (np.ravel(t) @ jacobian(name, xs, k, **how)).reshape(shapes[k])
        np.testing.assert_allclose(pull(name, k, t, *xs, **how), expected, rtol=1e-12, atol=1e-13)


def test_the_gradient_of_an_input_says_how_often_it_is_covered() -> None:
    assert pull("conv1d", 0, np.ones(3), np.zeros(5), np.ones(3)).tolist() == [1, 2, 3, 2, 1]
    assert pull("conv1d", 1, np.ones(3), [1, 2, 3, 4, 5], np.ones(3)).tolist() == [6, 9, 12]
    assert pull("conv1d", 0, np.ones(2), np.zeros(6), np.ones(2), stride=3).tolist() == [1, 1, 0, 1, 1, 0]


def test_the_three_maps_give_one_number() -> None:
    x, w = rng.normal(size=(2, 3, 6, 5)), rng.normal(size=(2, 3, 3, 2))
    how = {"stride": 2, "padding": 1}
    c = rng.normal(size=np.shape(value("conv2d", x, w, **how)))
    total = np.sum(c * value("conv2d", x, w, **how))
    assert np.sum(x * value("conv_input", c, w, shape=x.shape, **how)) == pytest.approx(total)
    assert np.sum(w * value("conv_kernel", x, c, shape=w.shape, **how)) == pytest.approx(total)


def test_a_long_signal_with_a_long_kernel_copies_no_windows() -> None:
    x, w = np.ones(20_000), np.ones(10_000)
    assert (value("conv1d", x, w) == 10_000).all()


@pytest.mark.parametrize("copied", [1, 50, 300])
def test_windows_are_copied_part_by_part_without_a_trace(copied: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convolution, "COPIED", copied)
    x, w = rng.normal(size=(2, 3, 7, 6)), rng.normal(size=(5, 3, 2, 3))
    y = value("conv2d", x, w)
    t = rng.normal(size=y.shape)
    np.testing.assert_allclose(y, by_loops(x, w, 1, 0), rtol=1e-12, atol=1e-13)
    expected = (np.ravel(t) @ jacobian("conv2d", [x, w], 1)).reshape(w.shape)
    np.testing.assert_allclose(pull("conv2d", 1, t, x, w), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("batch", [1, 2])
def test_one_line_of_one_channel_is_what_it_is_among_several(batch: int) -> None:
    x, w = rng.normal(size=(batch, 1, 9)), rng.normal(size=(1, 1, 4))
    both = np.concatenate([x, np.zeros_like(x)], axis=1), np.concatenate([w, w], axis=1)
    for padding in (0, 3):
        y = value("conv1d", x, w, padding=padding)
        np.testing.assert_allclose(y, value("conv1d", *both, padding=padding), rtol=1e-12)
        t = rng.normal(size=y.shape)
        for k in (0, 1):
            found, among = pull("conv1d", k, t, x, w, padding=padding), pull("conv1d", k, t, *both, padding=padding)
            np.testing.assert_allclose(found, among[:, :1], rtol=1e-12, atol=1e-13)


def test_a_large_kernel_goes_back_place_by_place() -> None:
    x, w = rng.normal(size=(2, 7, 7)), rng.normal(size=(3, 2, 6, 6))
    t = rng.normal(size=(3, 2, 2))
    assert np.sum(t * value("conv2d", x, w)) == pytest.approx(np.sum(x * pull("conv2d", 0, t, x, w)))


# ---- pooling ----


def test_pooling_of_four_windows() -> None:
    x = [[1, 2, 5, 0], [4, 3, 1, 2], [0, 0, -1, -2], [0, 8, -3, -4]]
    assert value("max_pool2d", x).tolist() == [[4, 5], [8, -1]]
    assert value("avg_pool2d", x).tolist() == [[2.5, 2], [2, -2.5]]
    t = [[1, 2], [3, 4]]
    assert pull("max_pool2d", 0, t, x).tolist() == [[0, 0, 2, 0], [1, 0, 0, 0], [0, 0, 4, 0], [0, 3, 0, 0]]
    assert pull("avg_pool2d", 0, t, x).tolist() == (np.kron(t, np.ones((2, 2))) / 4).tolist()


def test_elements_that_tie_share_the_derivative_of_a_maximum() -> None:
    x, t = [[3, 3], [1, 3]], [[6]]
    assert pull("max_pool2d", 0, t, x).tolist() == [[2, 2], [0, 2]]
    assert value("pool_pick", x, [[1, 2], [9, 6]]).tolist() == [[3]]
    np.testing.assert_array_equal(pull("max_pool2d", 0, 1.0, x), pull("amax", 0, 1.0, x))


def test_windows_that_overlap_add_up() -> None:
    x = [[0, 0, 0], [0, 5, 0], [0, 0, 0]]
    assert pull("max_pool2d", 0, np.ones((2, 2)), x, stride=1).tolist() == [[0, 0, 0], [0, 4, 0], [0, 0, 0]]
    assert pull("avg_pool2d", 0, np.ones((2, 2)), x, stride=1).tolist() == [
        [0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25],
    ]  # fmt: skip


@pytest.mark.parametrize(("size", "stride"), [*product([1, 2, 3], [None, 1, 2, 4])])
@pytest.mark.parametrize("shape", [(5, 6), (2, 4, 5), (2, 3, 4, 4)])
def test_pooling_is_the_definition(shape: tuple[int, ...], size: int, stride: int | None) -> None:
    x, step = rng.normal(size=shape), stride or size
    extents = [(n - size) // step + 1 for n in shape[-2:]]
    for name, meant in (("max_pool2d", np.max), ("avg_pool2d", np.mean)):
        found = value(name, x, size=size, stride=stride)
        assert found.shape == (*shape[:-2], *extents) == REGISTRY[name].shape(shape, size=size, stride=stride)
        for i, j in np.ndindex(*extents):
            window = x[..., step * i : step * i + size, step * j : step * j + size]
            np.testing.assert_allclose(found[..., i, j], meant(window, axis=(-2, -1)), rtol=1e-14, atol=1e-15)


def test_what_is_left_at_the_edge_gets_nothing() -> None:
    for name in ("max_pool2d", "avg_pool2d"):
        sent = pull(name, 0, np.ones((1, 2)), rng.normal(size=(3, 5)))
        assert not np.any(sent[2])
        assert not np.any(sent[:, 4])


def test_nan_spreads_to_its_window_only() -> None:
    x = np.arange(8.0).reshape(2, 4)
    x[0, 0] = np.nan
    with np.errstate(all="ignore"):
        assert np.isnan(value("max_pool2d", x)).tolist() == [[True, False]]
        sent = pull("max_pool2d", 0, np.ones((1, 2)), x)
    assert np.isnan(sent[:, :2]).all()
    assert sent[:, 2:].tolist() == [[0, 0], [0, 1]]


# ---- costs and refusals ----


def test_the_cost_is_two_for_each_output_and_element_of_a_kernel() -> None:
    assert REGISTRY["conv1d"].cost((6,), (3,)) == 2 * 4 * 3
    assert REGISTRY["conv2d"].cost((2, 3, 5, 5), (4, 3, 2, 2)) == 2 * (2 * 4 * 4 * 4) * (3 * 2 * 2)
    assert (
        REGISTRY["conv_input"].cost((4,), (3,), shape=(6,))
        == REGISTRY["conv_kernel"].cost((6,), (4,), shape=(3,))
        == 24
    )
    assert REGISTRY["max_pool2d"].cost((4, 4)) == 16


@pytest.mark.parametrize(
    ("hint", "name", "shapes", "statics"),
    [
        ("conv1d_ranks", "conv1d", [(5, 5), (3, 3)], {}),
        ("conv1d_ranks", "conv1d", [(5,), (1, 1, 3)], {}),
        ("conv2d_ranks", "conv2d", [(5,), (3,)], {}),
        ("conv2d_ranks", "conv2d", [(3, 5, 5), (3, 3)], {}),
        ("conv_channels", "conv1d", [(2, 5), (4, 3, 3)], {}),
        ("conv_channels", "conv2d", [(1, 2, 5, 5), (4, 1, 3, 3)], {}),
        ("kernel_fits", "conv1d", [(2,), (3,)], {}),
        ("kernel_fits", "conv1d", [(2,), (0,)], {}),
        ("kernel_fits", "max_pool2d", [(4, 1)], {}),
        ("window_steps", "conv1d", [(5,), (3,)], {"stride": 0}),
        ("window_steps", "conv2d", [(5, 5), (3, 3)], {"padding": -1}),
        ("window_steps", "avg_pool2d", [(4, 4)], {"stride": 0}),
        (
            "smaller_windows",
            "conv1d",
            [(5,), (3,)],
            {"padding": limits.TOTAL_ELEMENTS, "stride": limits.TOTAL_ELEMENTS},
        ),
        ("smaller_windows", "max_pool2d", [(1000, 1000)], {"size": 100, "stride": 1}),
        ("pool_rank", "max_pool2d", [(4,)], {}),
        ("output_shape", "conv_input", [(3,), (3,)], {"shape": (6,)}),
        ("output_shape", "conv_kernel", [(6,), (3,)], {"shape": (3,)}),
        ("output_shape", "pool_spread", [(4, 4), (4, 4)], {}),
        ("equal_shapes", "pool_pick", [(4, 4), (2, 2)], {}),
    ],
)
def test_a_shape_rule_refuses(hint: str, name: str, shapes: Any, statics: dict[str, Any]) -> None:
    with pytest.raises(ShapeError) as refused:
        REGISTRY[name].shape(*shapes, **statics)
    assert refused.value.hint == hint


def test_a_refusal_says_which_channels() -> None:
    with pytest.raises(ShapeError) as refused:
        REGISTRY["conv2d"].shape((3, 5, 5), (4, 2, 3, 3))
    assert refused.value.words == {"channels": 3, "expected": 2}
