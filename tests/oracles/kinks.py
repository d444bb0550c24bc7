"""The table of kinks, asked again of JAX, PyTorch and TensorFlow, whichever of them is installed."""

from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np

from engine.edges import KINKS, VERSIONS
from engine.edges.kinks import Slopes

Function = Callable[..., Any]
Asked = Callable[[Function, Sequence[Any]], list[Any]]
"""A function and a point -> a derivative for each input, None where there is none."""


def with_jax() -> tuple[Asked, dict[str, Function]]:
    """What JAX is asked, by key of the table."""
    import jax
    import jax.numpy as jnp
    from jax.scipy import special

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")

    def asked(function: Function, xs: Sequence[Any]) -> list[Any]:
        point = [jnp.array(x, dtype=float) for x in xs]
        return list(jax.grad(function, argnums=tuple(range(len(xs))))(*point))

    return asked, {
        "abs": jnp.abs, "relu": jax.nn.relu, "leaky_relu": jax.nn.leaky_relu, "sign": jnp.sign, "floor": jnp.floor,
        "heaviside": lambda x: jnp.heaviside(x, 0.5), "ceil": jnp.ceil, "maximum": jnp.maximum, "minimum": jnp.minimum,
        "amax": jnp.max, "amin": jnp.min, "clip": lambda x: jnp.clip(x, 0, 1), "sqrt": jnp.sqrt, "cbrt": jnp.cbrt,
        "hinge": lambda x, y: jnp.maximum(0, 1 - x * y), "log": jnp.log, "asin": jnp.arcsin,
        "power_zero_integer": lambda x: x**0, "power_zero_float": lambda x, n: x**n, "power_root": lambda x: x**0.5,
        "xlogy": special.xlogy, "norm": jnp.linalg.norm, "hypot": jnp.hypot, "atan2": jnp.arctan2, "std": jnp.std,
        "where_sqrt": lambda x: jnp.where(x > 0, jnp.sqrt(x), 0), "where_log": lambda x: jnp.where(x > 0, jnp.log(x), 0),
        "where_reciprocal": lambda x: jnp.where(x > 0, 1 / x, 0), "unconnected": lambda x, y: y**2,
    }  # fmt: skip


def with_pytorch() -> tuple[Asked, dict[str, Function]]:
    """What PyTorch is asked, by key of the table."""
    import torch

    def asked(function: Function, xs: Sequence[Any]) -> list[Any]:
        point = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in xs]
        return list(torch.autograd.grad(function(*point), point, allow_unused=True))

    return asked, {
        "abs": torch.abs, "relu": torch.relu, "leaky_relu": torch.nn.functional.leaky_relu, "sign": torch.sign,
        "floor": torch.floor, "ceil": torch.ceil, "maximum": torch.maximum, "minimum": torch.minimum,
        "amax": torch.amax, "amin": torch.amin, "clip": lambda x: torch.clamp(x, 0, 1), "sqrt": torch.sqrt,
        "hinge": lambda x, y: torch.relu(1 - x * y), "log": torch.log, "asin": torch.asin,
        "power_zero_integer": lambda x: x**0, "power_zero_float": lambda x, n: x**n, "power_root": lambda x: x**0.5,
        "xlogy": torch.special.xlogy, "norm": torch.linalg.norm, "hypot": torch.hypot, "atan2": torch.atan2,
        "std": lambda x: torch.std(x, correction=0), "where_sqrt": lambda x: torch.where(x > 0, torch.sqrt(x), 0),
        "where_log": lambda x: torch.where(x > 0, torch.log(x), 0),
        "where_reciprocal": lambda x: torch.where(x > 0, 1 / x, 0), "unconnected": lambda x, y: y**2,
    }  # fmt: skip


def with_tensorflow() -> tuple[Asked, dict[str, Function]]:
    """What TensorFlow is asked, by key of the table."""
    import tensorflow as tf

    def asked(function: Function, xs: Sequence[Any]) -> list[Any]:
        point = [tf.Variable(x, dtype=tf.float64) for x in xs]
        with tf.GradientTape() as tape:
            y = function(*point)
        return list(tape.gradient(y, point))

    zero = tf.constant(0, tf.float64)
    return asked, {
        "abs": tf.abs, "relu": tf.nn.relu, "maximum": tf.maximum, "amax": tf.reduce_max, "sqrt": tf.sqrt,
        "power_zero_integer": lambda x: x**0, "where_sqrt": lambda x: tf.where(x > 0, tf.sqrt(x), zero),
        "where_log": lambda x: tf.where(x > 0, tf.math.log(x), zero),
        "where_reciprocal": lambda x: tf.where(x > 0, 1 / x, zero), "unconnected": lambda x, y: y**2,
    }  # fmt: skip


PEERS = {
    "jax": ("jax", with_jax), "pytorch": ("torch", with_pytorch), "tensorflow": ("tensorflow", with_tensorflow),
}  # fmt: skip
"""By field of the table: the module, and what it is asked."""


def is_same(kept: Slopes | None, found: Sequence[Any]) -> bool:
    """Is a row's answer what was found, NaN and None included?"""
    if kept is None or len(kept) != len(found):
        return False
    return all(
        a is None if b is None else a is not None and np.array_equal(np.asarray(a), np.asarray(b), equal_nan=True)
        for a, b in zip(kept.values(), found, strict=True)
    )


def differences(field: str) -> Iterator[str]:
    """Where the table says something else than a framework does now, in words."""
    module, peer = PEERS[field]
    if find_spec(module) is None:
        return
    if not version(module).startswith(VERSIONS[field]):
        yield f"{field} is {version(module)} now, {VERSIONS[field]} in the table of kinks"
    asked, functions = peer()
    for row in KINKS:
        if (row.key in functions) != (getattr(row, field) is not None):
            yield f"{field}, {row.key}: asked here or answered in the table, not both"
        elif row.key in functions:
            found = [None if one is None else read(one) for one in asked(functions[row.key], list(row.inputs.values()))]
            if not is_same(getattr(row, field), found):
                yield f"{field}, {row.source}: {getattr(row, field)} in the table, {found} now"


def read(part: Any) -> Any:
    """A framework's array as numbers."""
    return np.asarray(part.detach() if hasattr(part, "detach") else part).tolist()


def compare() -> tuple[list[str], str]:
    """Every difference, and a summary."""
    installed = [field for field, (module, _) in PEERS.items() if find_spec(module) is not None]
    found = [difference for field in installed for difference in differences(field)]
    return found, f"{len(KINKS)} kinks beside {', '.join(installed)}: {len(found)} differences"
