"""Every function of the corpus once more, by JAX in double precision, differentiated by JAX."""

import math
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy import special

from tests.oracles.reference import Reference

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

F = SimpleNamespace(
    pi=math.pi,
    e=math.e,
    log=jnp.log,
    xlogy=special.xlogy,
    exp=jnp.exp,
    expm1=jnp.expm1,
    log1p=jnp.log1p,
    log2=jnp.log2,
    log10=jnp.log10,
    log_base=lambda x, b: jnp.log(x) / jnp.log(b),
    sqrt=jnp.sqrt,
    cbrt=jnp.cbrt,
    sin=jnp.sin,
    cos=jnp.cos,
    tan=jnp.tan,
    sec=lambda x: 1 / jnp.cos(x),
    csc=lambda x: 1 / jnp.sin(x),
    cot=lambda x: 1 / jnp.tan(x),
    asin=jnp.arcsin,
    acos=jnp.arccos,
    atan=jnp.arctan,
    atan2=jnp.arctan2,
    sinh=jnp.sinh,
    cosh=jnp.cosh,
    tanh=jnp.tanh,
    asinh=jnp.arcsinh,
    acosh=jnp.arccosh,
    atanh=jnp.arctanh,
    erf=special.erf,
    erfc=special.erfc,
    lgamma=special.gammaln,
    digamma=special.digamma,
    polygamma=special.polygamma,
    sigmoid=jax.nn.sigmoid,
    softplus=jax.nn.softplus,
    relu=jax.nn.relu,
    leaky_relu=jax.nn.leaky_relu,
    elu=jax.nn.elu,
    gelu=lambda x: jax.nn.gelu(x, approximate=False),
    silu=jax.nn.silu,
    abs=jnp.abs,
    sign=jnp.sign,
    minimum=jnp.minimum,
    maximum=jnp.maximum,
    hypot=jnp.hypot,
    floor=jnp.floor,
    ceil=jnp.ceil,
    heaviside=lambda x: jnp.heaviside(x, 0.5),
    where=jnp.where,
    clip=jnp.clip,
)


def reference(function: Callable[..., Any], inputs: Mapping[str, float]) -> Reference:
    """Value, gradient and Hessian of `function(F, **inputs)`."""

    def at(point: Any) -> Any:
        return function(F, **dict(zip(inputs, point, strict=True)))

    point = jnp.array(list(inputs.values()), dtype=float)
    value, gradient, hessian = float(at(point)), jax.grad(at)(point), jax.hessian(at)(point)
    return Reference(
        repr(value), [repr(float(x)) for x in gradient], [[repr(float(x)) for x in row] for row in hessian]
    )
