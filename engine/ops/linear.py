"""Products and other operations of linear algebra."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import numpy as np

from engine.ops import reduction
from engine.ops.shaping import reshape, transpose
from engine.primitive import Carrier, Primitive, Shape, ShapeError, broadcast, itself, primitive, shape_of


def product_shape(a: Shape, b: Shape) -> Shape:
    """The shape rule of `@`: the last axis of a against the last but one of b; leading axes broadcast."""
    if not a or not b:
        raise ShapeError("star_for_numbers")
    if a[-1] != b[max(len(b) - 2, 0)]:
        raise ShapeError(*product_hint(a, b))
    return (*broadcast(a[:-2], b[:-2]), *a[-2:-1], *(b[-1:] if len(b) > 1 else ()))


def product_hint(a: Shape, b: Shape) -> tuple[str]:
    """Which repair makes the inner extents meet."""
    if len(b) > 1 and a[-1] == b[-1]:
        return ("transpose_right",)
    if len(a) > 1 and a[-2] == b[max(len(b) - 2, 0)]:
        return ("transpose_left",)
    return ("inner_extents",)


def dot_shape(a: Shape, b: Shape) -> Shape:
    """The shape rule of dot. Raises ShapeError `dot_ranks` where NumPy's means something else than `@`."""
    if len(a) not in (1, 2) or len(b) not in (1, 2):
        raise ShapeError("dot_ranks")
    return product_shape(a, b)


def product_cost(a: Shape, b: Shape) -> int:
    """A multiplication and an addition for each element and step of the inner axis."""
    return 2 * prod(product_shape(a, b)) * a[-1]


def turn(x: Carrier) -> Carrier:
    """The last two axes exchanged."""
    rank = len(shape_of(x))
    return transpose(x, axes=None if rank == 2 else (*range(rank - 2), rank - 1, rank - 2))


def pull_left(t: Carrier, y: Carrier, a: Carrier, b: Carrier) -> Carrier:
    """The cotangent of the left factor: t bᵀ."""
    ranks = len(shape_of(a)), len(shape_of(b))
    if min(ranks) > 1:
        return matmul(t, turn(b))
    if ranks[0] == 1:
        return t * b if ranks[1] == 1 else times_vector(b, t)
    return outer(t, b) if ranks[0] == 2 else column(t) * b


def pull_right(t: Carrier, y: Carrier, a: Carrier, b: Carrier) -> Carrier:
    """The cotangent of the right factor: aᵀ t."""
    ranks = len(shape_of(a)), len(shape_of(b))
    if min(ranks) > 1:
        return matmul(turn(a), t)
    if ranks[1] == 1:
        return t * a if ranks[0] == 1 else times_vector(turn(a), t)
    return outer(a, t) if ranks[1] == 2 else column(a) * row(t)


def times_vector(a: Carrier, x: Carrier) -> Carrier:
    """One matrix times one vector, or a stack of each."""
    return matmul(a, x) if len(shape_of(a)) == 2 else reshape(matmul(a, column(x)), shape=shape_of(a)[:-1])


def column(x: Carrier) -> Carrier:
    """A new last axis of extent 1."""
    return reshape(x, shape=(*shape_of(x), 1))


def row(x: Carrier) -> Carrier:
    """A new last but one axis of extent 1."""
    return reshape(x, shape=(*shape_of(x)[:-1], 1, *shape_of(x)[-1:]))


# ---- square matrices ----


def square(shape: Shape) -> Shape:
    """The shape of a square matrix. Raises ShapeError `square_matrix`."""
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ShapeError("square_matrix")
    return shape


def number(shape: Shape) -> Shape:
    """One number of a square matrix."""
    square(shape)
    return ()


def cubed(shape: Shape, *_: Shape) -> int:
    """The order of the cost of a factorisation."""
    return prod(shape) * shape[0]


def or_nan(function: Callable[..., Carrier]) -> Callable[..., Carrier]:
    """The same function, NaN where the matrix is singular, or not positive definite."""

    def total(x: Carrier, *others: Carrier) -> Carrier:
        try:
            return function(x, *others)
        except np.linalg.LinAlgError:
            return np.full(np.shape(others[0] if others else x), np.nan)

    return total


def cofactors(x: Carrier) -> Carrier:
    """The matrix of cofactors, right for singular matrices too: small ones by formula, others by singular values."""
    if len(x) == 2:
        (a, b), (c, d) = x
        return np.array([[d, -c], [-b, a]])
    if len(x) == 3:
        a, b, c = x
        return np.array([np.cross(b, c), np.cross(c, a), np.cross(a, b)])
    if not np.isfinite(x).all():
        return np.full(np.shape(x), np.nan)
    u, s, vt = np.linalg.svd(x)
    others = np.array([np.prod(np.delete(s, i)) for i in range(len(s))])
    return np.linalg.det(u) * np.linalg.det(vt) * (u * others) @ vt


def cofactor_map(t: Carrier, y: Carrier, x: Carrier) -> Carrier:
    """The derivative of the cofactors, its own transpose; from 3 rows on, at a regular matrix."""
    rows = shape_of(x)[0]
    if rows < 3:  # no cofactor moves, or each is an element
        return cofactor(t) if rows == 2 else 0.0
    return (y * reduction.sum(y * t) - matmul(matmul(y, transpose(t)), y)) / det(x)


def solved_shape(a: Shape, b: Shape) -> Shape:
    """The shape rule of solve. Raises ShapeError `solve_rows`."""
    rows = square(a)[0]
    if len(b) not in (1, 2) or b[0] != rows:
        raise ShapeError("solve_rows", rows=rows)
    return b


def solve_left(t: Carrier, y: Carrier, a: Carrier, b: Carrier) -> Carrier:
    """The cotangent of the matrix: -A⁻ᵀ t yᵀ."""
    sent = solve(transpose(a), t)
    return -(outer(sent, y) if len(shape_of(y)) == 1 else matmul(sent, transpose(y)))


def lower_half(x: Carrier) -> Carrier:
    """The lower triangle with half of the diagonal."""
    return tril(x) - 0.5 * diag(diag(x))


def cholesky_jvp(t: Carrier, y: Carrier, x: Carrier) -> Carrier:
    """L Φ(L⁻¹ Ẋ L⁻ᵀ), for the symmetric part of Ẋ: Murray 2016, equation 8."""
    both = 0.5 * (t + transpose(t))
    return matmul(y, lower_half(solve(y, transpose(solve(y, both)))))


def cholesky_vjp(t: Carrier, y: Carrier, x: Carrier) -> Carrier:
    """The symmetric part of L⁻ᵀ Φ(Lᵀ L̄) L⁻¹: Murray 2016, equation 10."""
    half = lower_half(matmul(transpose(y), t))
    found = transpose(solve(transpose(y), transpose(solve(transpose(y), half))))
    return 0.5 * (found + transpose(found))


def kron_shape(a: Shape, b: Shape) -> Shape:
    """The shape rule of kron."""
    if len(a) != len(b) or len(a) not in (1, 2):
        raise ShapeError("kron_ranks")
    return tuple(i * j for i, j in zip(a, b, strict=True))


def blocks(t: Carrier, a: Carrier, b: Carrier) -> Carrier:
    """The Kronecker product's elements by those of a and of b, in turn."""
    return reshape(t, shape=tuple(extent for pair in zip(shape_of(a), shape_of(b), strict=True) for extent in pair))


def kron_left(t: Carrier, y: Carrier, a: Carrier, b: Carrier) -> Carrier:
    """Each block times b, summed."""
    wide = reshape(b, shape=tuple(extent for n in shape_of(b) for extent in (1, n)))
    return reduction.sum(blocks(t, a, b) * wide, axis=tuple(range(1, 2 * len(shape_of(a)), 2)))


def kron_right(t: Carrier, y: Carrier, a: Carrier, b: Carrier) -> Carrier:
    """All blocks, by the elements of a, summed."""
    wide = reshape(a, shape=tuple(extent for n in shape_of(a) for extent in (n, 1)))
    return reduction.sum(blocks(t, a, b) * wide, axis=tuple(range(0, 2 * len(shape_of(a)), 2)))


def diagonal(shape: Shape) -> Shape:
    """The shape rule of diag."""
    return (*shape, *shape) if len(shape) == 1 else square(shape)[:1]


def triangle(shape: Shape, *, k: int = 0) -> Shape:
    """The shape rule of tril and triu."""
    if len(shape) != 2:
        raise ShapeError("a_matrix")
    return shape


# fmt: off

matmul: Primitive = primitive(
    "matmul", np.matmul, shape=product_shape, cost=product_cost, latex=r"{0} \, {1}", precedence=20,
    sample=[([(2, 3), (3, 4)], {}), ([(3,), (3,)], {}), ([(2, 3), (3,)], {}), ([(3,), (3, 2)], {}),
            ([(5, 2, 3), (3, 4)], {}), ([(2, 3), (5, 3, 4)], {}), ([(5, 2, 3), (3,)], {}), ([(3,), (5, 3, 2)], {})],
    jvps=[itself("matmul", 0), itself("matmul", 1)],
    vjps=[pull_left, pull_right],
    en="Matrix product, rows times columns; a vector on the left is a row, on the right a column.",
    zh="矩阵乘积：行乘列；左边的向量视作行，右边的向量视作列。",
)

dot: Primitive = primitive(
    "dot", np.dot, shape=dot_shape, cost=product_cost, latex=r"{0} \, {1}", precedence=20,
    sample=[([(3,), (3,)], {}), ([(2, 3), (3,)], {}), ([(3,), (3, 2)], {}), ([(2, 3), (3, 4)], {})],
    jvps=[itself("dot", 0), itself("dot", 1)],
    vjps=[pull_left, pull_right],
    en="Dot product of vectors: the sum of the products. With matrices the same as @.",
    zh="向量的点积，即对应元素乘积之和；含矩阵时与 @ 相同。",
)

outer: Primitive = primitive(
    "outer", np.outer, shape=lambda a, b: (prod(a), prod(b)), cost=lambda a, b: prod(a) * prod(b),
    latex=r"{0} \, {1}^{\top}", precedence=20, sample=[([(3,), (2,)], {})],
    jvps=[itself("outer", 0), itself("outer", 1)],
    vjps=[lambda t, y, a, b: reshape(matmul(t, reshape(b, shape=(-1,))), shape=shape_of(a)),
          lambda t, y, a, b: reshape(matmul(reshape(a, shape=(-1,)), t), shape=shape_of(b))],
    en="Outer product: every element of the first times every element of the second.",
    zh="外积：第一个向量的每个元素乘以第二个向量的每个元素。",
)

kron: Primitive = primitive(
    "kron", np.kron, shape=kron_shape, cost=lambda a, b: prod(a) * prod(b),
    latex=r"\operatorname{kron}({0}, {1})", sample=[([(2,), (3,)], {}), ([(2, 3), (3, 2)], {})],
    jvps=[itself("kron", 0), itself("kron", 1)],
    vjps=[kron_left, kron_right],
    en="Kronecker product: each element of the first times the whole second, as blocks.",
    zh="克罗内克积：第一个的每个元素乘以整个第二个，按块排列。",
)

trace: Primitive = primitive(
    "trace", np.trace, shape=number, latex=r"\operatorname{tr}({0})", aliases=["tr"], sample=[([(3, 3)], {})],
    jvps=[itself("trace")],
    vjps=[lambda t, y, x: t * np.eye(shape_of(x)[0])],
    en="Sum of the diagonal; its gradient is the unit matrix.",
    zh="迹，即对角元之和；梯度为单位矩阵。",
)

diag: Primitive = primitive(
    "diag", np.diag, shape=diagonal, latex=r"\operatorname{diag}({0})",
    sample=[([(3,)], {}), ([(3, 3)], {})],
    jvps=[itself("diag")],
    vjps=[lambda t, y, x: diag(t)],
    en="Of a vector the diagonal matrix, of a square matrix its diagonal; each map is the transpose of the other.",
    zh="由向量得到对角矩阵，由方阵取出对角线：两者互为转置。",
)

tril: Primitive = primitive(
    "tril", lambda x, *, k=0: np.tril(x, k), shape=triangle, latex=r"\operatorname{tril}({0})",
    sample=[([(3, 3)], {}), ([(2, 4)], {"k": 1})],
    jvps=[itself("tril")],
    vjps=[lambda t, y, x, k: tril(t, k=k)],
    en="Lower triangle, up to the k-th diagonal above the main one; 0 elsewhere.",
    zh="下三角部分，直到主对角线之上第 k 条对角线，其余为 0。",
)

triu: Primitive = primitive(
    "triu", lambda x, *, k=0: np.triu(x, k), shape=triangle, latex=r"\operatorname{triu}({0})",
    sample=[([(3, 3)], {}), ([(2, 4)], {"k": -1})],
    jvps=[itself("triu")],
    vjps=[lambda t, y, x, k: triu(t, k=k)],
    en="Upper triangle, from the k-th diagonal above the main one; 0 elsewhere.",
    zh="上三角部分，从主对角线之上第 k 条对角线起，其余为 0。",
)

det: Primitive = primitive(
    "det", np.linalg.det, shape=number, cost=cubed, latex=r"\det({0})", aliases=["determinant"],
    sample=[([(3, 3)], {}), ([(1, 1)], {})],
    jvps=[lambda t, y, x: reduction.sum(cofactor(x) * t)],
    vjps=[lambda t, y, x: t * cofactor(x)],
    en="Determinant; its gradient is the matrix of cofactors, also where the matrix is singular; from 3 rows on, the "
       "second derivative needs a regular matrix.",
    zh="行列式；梯度为代数余子式矩阵，矩阵奇异时同样成立；从三阶起，二阶导数要求矩阵可逆。",
)

cofactor: Primitive = primitive(
    "cofactor", cofactors, shape=square, cost=cubed, latex=r"\operatorname{cof}({0})",
    sample=[([(1, 1)], {}), ([(2, 2)], {}), ([(3, 3)], {}), ([(4, 4)], {})],
    jvps=[cofactor_map], vjps=[cofactor_map],
    en="Matrix of cofactors, det(A) times the inverse transposed; from 3 rows on, its derivative needs a "
       "regular matrix.",
    zh="代数余子式矩阵，即 det(A) 乘以逆的转置；从三阶起，求它的导数要求矩阵可逆。",
)

logdet: Primitive = primitive(
    "logdet", lambda x: np.linalg.slogdet(x)[1], shape=number, cost=cubed, latex=r"\ln \left| \det({0}) \right|",
    precedence=30, aliases=["slogdet"], sample=[([(3, 3)], {})],
    jvps=[lambda t, y, x: reduction.sum(transpose(inv(x)) * t)],
    vjps=[lambda t, y, x: t * transpose(inv(x))],
    en="ln |det A|; its gradient is the inverse transposed. Of a singular matrix it is minus infinity, the gradient "
       "undefined. slogdet(A) means this number, without the sign.",
    zh="行列式绝对值的对数 ln |det A|；梯度为逆的转置。矩阵奇异时值为负无穷大，梯度未定义。"
       "slogdet(A) 也指这个数，不含符号。",
)

inv: Primitive = primitive(
    "inv", or_nan(np.linalg.inv), shape=square, cost=cubed, latex="{0}^{-1}", precedence=45,
    aliases=["inverse", "matrix_inverse"], sample=[([(3, 3)], {})],
    jvps=[lambda t, y, x: -matmul(matmul(y, t), y)],
    vjps=[lambda t, y, x: -matmul(matmul(transpose(y), t), transpose(y))],
    en="Inverse matrix. Convention: of a singular matrix every element is undefined, and so is the gradient.",
    zh="逆矩阵。约定：矩阵奇异时所有元素均未定义，梯度也未定义。",
)

solve: Primitive = primitive(
    "solve", or_nan(np.linalg.solve), shape=solved_shape, cost=cubed, latex="{0}^{-1} \\, {1}", precedence=20,
    sample=[([(3, 3), (3,)], {}), ([(3, 3), (3, 2)], {})],
    jvps=[lambda t, y, a, b: -solve(a, matmul(t, y)), itself("solve", 1)],
    vjps=[solve_left, lambda t, y, a, b: solve(transpose(a), t)],
    en="The x with A x = b, for a vector or the columns of a matrix b, without the inverse. Convention: with a "
       "singular A undefined, also the gradients.",
    zh="解方程 A x = b，b 为向量或矩阵（逐列求解），不构造逆矩阵。约定：A 奇异时未定义，梯度也未定义。",
)

cholesky: Primitive = primitive(
    "cholesky", or_nan(lambda x: np.linalg.cholesky(0.5 * (x + x.T))), shape=square, cost=cubed,
    latex=r"\operatorname{chol}({0})", sample=[([(3, 3)], {})],
    jvps=[cholesky_jvp], vjps=[cholesky_vjp],
    en="The lower triangular L with L Lᵀ = A, for a positive definite A. Convention: of another A the symmetric part "
       "counts, so the gradient is symmetric; where that is not positive definite, L and the gradient are "
       "undefined.",
    zh="下三角矩阵 L，满足 L Lᵀ = A，A 须正定。约定：A 不对称时只取其对称部分，因此梯度是对称的；"
       "对称部分不正定时 L 和梯度均未定义。",
)
