"""Functions of arrays, differentiated by JAX in double precision."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy import special

from tests.oracles import with_jax
from tests.oracles.tensor_peer import Answer, Function, Namespace

jax.config.update("jax_disable_most_optimizations", True)  # every program runs once


def convolved(x: Any, w: Any, stride: int, padding: int) -> Any:
    """Cross-correlation, along one axis or two."""
    count = w.ndim - 2
    return jax.lax.conv_general_dilated(x, w, (stride,) * count, [(padding, padding)] * count)


F = Namespace(
    with_jax.F,
    jnp,
    logsumexp=special.logsumexp,
    softmax=jax.nn.softmax,
    log_softmax=jax.nn.log_softmax,
    argmax=lambda x, **over: jnp.argmax(x, **over).astype(float),
    argmin=lambda x, **over: jnp.argmin(x, **over).astype(float),
    grad=jax.grad,
    convolved=convolved,
    tensor_split=jnp.split,
    picked=lambda x, index: x[index],
    scattered=lambda x, index, shape: jnp.zeros(shape).at[index].add(x),
)


def answer(function: Function, xs: Sequence[Any], us: Sequence[Any], w: Any) -> Answer:
    """Forward mode; and reverse mode, with forward mode over it: one program, as compiling is what takes the time."""

    def weighed(*xs: Any) -> Any:
        return jnp.sum(w * function(F, *xs))

    def all_four(xs: Any, us: Any) -> Any:
        value, jvp = jax.jvp(lambda *xs: function(F, *xs), xs, us)
        return value, jvp, *jax.jvp(jax.grad(weighed, argnums=tuple(range(len(xs)))), xs, us)

    return Answer(*jax.jit(all_four)(tuple(xs), tuple(us)))
