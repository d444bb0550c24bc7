import numpy as np
import pytest

from engine import limits
from engine.errors import EngineError, Span
from engine.graph import Graph
from engine.syntax import parse
from tests.engine.syntax.test_limits import code
from tests.engine.syntax.test_parse import pieces


def written(graph: Graph) -> str:
    """The output as an s-expression, with the statics."""
    text: list[str] = []
    for node in graph.nodes:
        params = node.params or {}
        if node.op:
            statics = [f"{name}={value!r}" for name, value in params.items()]
            text.append(f"({' '.join([node.op.name, *(text[i] for i in node.inputs), *statics])})")
        elif isinstance(node.const, np.ndarray):
            text.append(str(params.get("symbol", str(node.const.tolist()).replace(".0", ""))))
        else:
            text.append(node.name or str(params.get("symbol", f"{node.const:g}")))
    return text[graph.outputs[0]]


FORMS = {
    "[1, 2, 3]": "[1, 2, 3]",
    "[1, -2, +3,]": "[1, -2, 3]",
    "[[1, 2], [3, 4]]": "[[1, 2], [3, 4]]",
    "[[1, 2],\n [3, 4]]": "[[1, 2], [3, 4]]",
    "[1, 2; 3, 4]": "[[1, 2], [3, 4]]",
    "[1, 2; 3, 4;]": "[[1, 2], [3, 4]]",
    "[1; 2]": "[[1], [2]]",
    "[１，２；３，４]": "[[1, 2], [3, 4]]",
    "[(1), 2]": "[1, 2]",
    "[1e3, .5]": "[1000, 0.5]",
    "[x, y]": "(stack x y axis=0)",
    "[x, 1]": "(stack x 1 axis=0)",
    "[x, 2; 3, y]": "(stack (stack x 2 axis=0) (stack 3 y axis=0) axis=0)",
    "[[1, 2], [x, y]]": "(stack [1, 2] (stack x y axis=0) axis=0)",
    "[pi, 1/2]": "(stack pi (div 1 2) axis=0)",
    "[1 -2]": "(stack (sub 1 2) axis=0)",
    "[|x|, y]": "(stack (abs x) y axis=0)",
    "[x, y]z": "(mul (stack x y axis=0) z)",
    "-[1, 2]": "(neg [1, 2])",
    "[1, 2][0]": "(index [1, 2] at=(0,))",
    "[1, 2].T @ [3, 4]": "(matmul (transpose [1, 2] axes=None) [3, 4])",
    "a = 1; b = 2; [a, b]": "(stack 1 2 axis=0)",
    "w = [1, 2]; [w, w]": "(stack [1, 2] [1, 2] axis=0)",
    "np.array([1, 2])": "[1, 2]",
    "torch.tensor([[1, 2], [3, 4]]) @ x": "(matmul [[1, 2], [3, 4]] x)",
    "A @ B": "(matmul A B)",
    "A @ B @ C": "(matmul (matmul A B) C)",
    "A @ B * C": "(mul (matmul A B) C)",
    "-A @ x + b": "(add (matmul (neg A) x) b)",
    "2A @ x^2": "(matmul (mul 2 A) (power x 2))",
    "A.T": "(transpose A axes=None)",
    "A.T @ B": "(matmul (transpose A axes=None) B)",
    "(A@x).T": "(transpose (matmul A x) axes=None)",
    "A.T.T": "(transpose (transpose A axes=None) axes=None)",
    "A'": "(transpose A axes=None)",
    "x'A x": "(mul (mul (transpose x axes=None) A) x)",
    "x'(y)": "(mul (transpose x axes=None) y)",
    "f(x) = x'x": "(mul (transpose x axes=None) x)",
    "f = x^2; f'(x)": "(mul (transpose (power x 2) axes=None) x)",
    "x[0]": "(index x at=(0,))",
    "x[-1]": "(index x at=(-1,))",
    "A[1, :]": "(index A at=(1, (None, None, None)))",
    "A[:, 0]": "(index A at=((None, None, None), 0))",
    "x[1:3]": "(index x at=((1, 3, None),))",
    "x[::2]": "(index x at=((None, None, 2),))",
    "x[::-1]": "(index x at=((None, None, -1),))",
    "x[ 1 : -1 ]": "(index x at=((1, -1, None),))",
    "A[..., None]": "(index A at=('...', None))",
    "A[None, :]": "(index A at=(None, (None, None, None)))",
    "x[:, np.newaxis]": "(index x at=((None, None, None), None))",
    "x[[0, 2]]": "(index x at=(('list', 0, 2),))",
    "A[[0, 1], :]": "(index A at=(('list', 0, 1), (None, None, None)))",
    "x[0,]": "(index x at=(0,))",
    "A[0][1]": "(index (index A at=(0,)) at=(1,))",
    "2x[0]": "(mul 2 (index x at=(0,)))",
    "x[0]^2": "(power (index x at=(0,)) 2)",
    "-x[0]": "(neg (index x at=(0,)))",
    "√x[0]": "(sqrt (index x at=(0,)))",
    "sin(x)[0]": "(index (sin x) at=(0,))",
    "|x|[0]": "(index (abs x) at=(0,))",
    "x[0] y": "(mul (index x at=(0,)) y)",
    "sum(A)": "(sum A axis=None keepdims=False)",
    "sum(A, axis=0, keepdims=True)": "(sum A axis=0 keepdims=True)",
    "sum(A, axis = -1)": "(sum A axis=-1 keepdims=False)",
    "sum(A, 0)": "(sum A axis=0 keepdims=False)",
    "sum(A, -1, True)": "(sum A axis=-1 keepdims=True)",
    "sum(A, None)": "(sum A axis=None keepdims=False)",
    "sum(A, (0, 1))": "(sum A axis=(0, 1) keepdims=False)",
    "sum(A, axis=[0, 1])": "(sum A axis=(0, 1) keepdims=False)",
    "sum(A, axis=(2))": "(sum A axis=2 keepdims=False)",
    "sum(A, dim=0, keepdim=True)": "(sum A axis=0 keepdims=True)",
    "sum(A, # along rows\n    axis=0,\n    keepdims=True)": "(sum A axis=0 keepdims=True)",
    "sum(sum(A, axis=0), axis=0)": "(sum (sum A axis=0 keepdims=False) axis=0 keepdims=False)",
    "sum²(A, axis=0)": "(power (sum A axis=0 keepdims=False) 2)",
    "max^2(a, b)": "(power (maximum a b) 2)",
    "|sum(A, 0)|": "(abs (sum A axis=0 keepdims=False))",
    "sum（A， axis＝0）": "(sum A axis=0 keepdims=False)",
    "tf.reduce_sum(A, axis=0)": "(sum A axis=0 keepdims=False)",
    "np.linalg.norm(A, 'fro')": "(norm A ord=2 axis=None keepdims=False)",
    'norm(x, ord="fro")': "(norm x ord=2 axis=None keepdims=False)",
    "norm(x, ord=1)": "(norm x ord=1 axis=None keepdims=False)",
    "norm(x, np.inf)": "(norm x ord=inf axis=None keepdims=False)",
    "||x||": "(norm x ord=2 axis=None keepdims=False)",
    "||x - y||_1^2": "(power (norm (sub x y) ord=1 axis=None keepdims=False) 2)",
    "2||x||_inf": "(mul 2 (norm x ord=inf axis=None keepdims=False))",
    "‖A‖_F y": "(mul (norm A ord=2 axis=None keepdims=False) y)",
    "norm(x, inf)": "(norm x ord=inf axis=None keepdims=False)",
    "norm(x, ord=inf)": "(norm x ord=inf axis=None keepdims=False)",
    "norm(x, p=2)": "(norm x ord=2 axis=None keepdims=False)",
    "reshape(x, (2, 3))": "(reshape x shape=(2, 3))",
    "reshape(x, [2, 3])": "(reshape x shape=(2, 3))",
    "reshape(x, 2, 3)": "(reshape x shape=(2, 3))",
    "reshape(x, -1)": "(reshape x shape=(-1,))",
    "reshape(x, (6,))": "(reshape x shape=(6,))",
    "reshape(x, shape=(2, -1))": "(reshape x shape=(2, -1))",
    "reshape(x, newshape=(2, 3))": "(reshape x shape=(2, 3))",
    "transpose(A)": "(transpose A axes=None)",
    "transpose(A, (1, 0))": "(transpose A axes=(1, 0))",
    "transpose(A, axes=(1, 0))": "(transpose A axes=(1, 0))",
    "transpose(A, 1, 0)": "(transpose A axes=(1, 0))",
    "pad(A, ((1, 1), (0, 2)))": "(pad A widths=((1, 1), (0, 2)))",
    "pad(A, pad_width=1)": "(pad A widths=1)",
    "take(x, [0, 2], axis=1)": "(take x indices=(0, 2) axis=1)",
    "split(x, 2)": "(split x sections=2 axis=0)",
    "softmax(z, axis=-1)": "(softmax z axis=-1)",
    "layer_norm(x, eps=1e-3)": "(layer_norm x axis=-1 eps=0.001)",
    "huber(y, z, 2)": "(huber y z delta=2.0)",
    "var(x, correction=1)": "(var x axis=None keepdims=False ddof=1)",
    "one_hot(y, 3)": "(one_hot y depth=3)",
    "concatenate([a, b])": "(concatenate a b axis=0)",
    "concatenate([a, b], axis=1)": "(concatenate a b axis=1)",
    "concatenate([a, b], 1)": "(concatenate a b axis=1)",
    "concatenate((a, b), axis=1)": "(concatenate a b axis=1)",
    "concatenate(a, b, axis=1)": "(concatenate a b axis=1)",
    "concatenate([[1, 2], [3]])": "(concatenate [1, 2] [3] axis=0)",
    "concatenate([a])": "(concatenate a axis=0)",
    "u = [a, b]; concatenate(u)": "(concatenate (stack a b axis=0) axis=0)",
    "concatenate(stack([a, b]))": "(concatenate (stack a b axis=0) axis=0)",
    "tf.concat([a, b], -1)": "(concatenate a b axis=-1)",
    "stack([a, b], axis=1)": "(stack a b axis=1)",
    "stack([1, 2])": "(stack 1 2 axis=0)",
    "max(a, b)": "(maximum a b)",
    "max(A)": "(amax A axis=None keepdims=False)",
    "max(A, axis=0)": "(amax A axis=0 keepdims=False)",
    "max(A, 0)": "(maximum A 0)",
    "max(a, b, c)": "(maximum (maximum a b) c)",
    "np.min(A, axis=1, keepdims=True)": "(amin A axis=1 keepdims=True)",
    "log(x, 2)": "(log_base x 2)",
    "tf.keras.losses.mse(y, z)": "(mse y z)",
    "zeros(2,3)": "zeros(2, 3)",
    "zeros((2, 3))": "zeros((2, 3))",
    "np.ones(3)": "ones(3)",
    "eye(2)": "eye(2)",
    "eye(2, 3)": "eye(2, 3)",
    "arange(4)": "arange(4)",
    "arange(1, 10, 2)": "arange(1, 10, 2)",
    "arange(-1, 1, 0.5)": "arange(-1, 1, 0.5)",
    "linspace(0, 1, 5)": "linspace(0, 1, 5)",
    "linspace(0, 1, num=3)": "linspace(0, 1, num=3)",
    "full((2, 2), -7)": "full((2, 2), -7)",
    "full(3, 7)": "full(3, 7)",
    "2zeros(2)": "(mul 2 zeros(2))",
    "zeros(2)[0]": "(index zeros(2) at=(0,))",
    "zeros = 3": "3",
    "u = zeros(shape=(2, 3)); u": "zeros(shape=(2, 3))",
}


@pytest.mark.parametrize("source", FORMS, ids=ascii)
def test_reads(source: str) -> None:
    graph = parse(source).check()
    assert written(graph) == FORMS[source]
    assert all(node.span is not None and 0 <= node.span.start < node.span.end <= len(source) for node in graph.nodes)
    assert all(node.shape == np.shape(node.const) for node in graph.nodes if node.const is not None)
    assert not any(node.shape for node in graph.nodes if node.const is None)


SPANS = {
    "[1, -2]": ["[1, -2]"],
    "([1, 2])[0]": ["[1, 2]", "([1, 2])[0]"],
    "[x, [1, 2]]": ["x", "[1, 2]", "[x, [1, 2]]"],
    "[x, 2; 3, y]": ["x", "y", "2", "3", "[x, 2; 3, y]", "[x, 2; 3, y]", "[x, 2; 3, y]"],
    "A[0] + A [1:]": ["A", "A[0]", "A [1:]", "A[0] + A [1:]"],
    "(A @ x).T": ["A", "x", "A @ x", "(A @ x).T"],
    "A'A": ["A", "A'", "A'A"],
    "sum(A, axis=0)": ["A", "sum(A, axis=0)"],
    "concatenate([[1, 2], [3]], axis=0)": ["[1, 2]", "[3]", "concatenate([[1, 2], [3]], axis=0)"],
    "2 zeros(2, 3) x": ["x", "2", "zeros(2, 3)", "2 zeros(2, 3)", "2 zeros(2, 3) x"],
    "np.array([1, 2])[0]": ["[1, 2]", "np.array([1, 2])[0]"],
    "sum(A, (0, 1), True)[0]": ["A", "sum(A, (0, 1), True)", "sum(A, (0, 1), True)[0]"],
    "［1，2］′": ["［1，2］", "［1，2］′"],
}


@pytest.mark.parametrize("source", SPANS, ids=ascii)
def test_spans(source: str) -> None:
    assert pieces(source) == SPANS[source]


CONSTANTS = {
    "[1, -2, +3]": [1.0, -2.0, 3.0],
    "[[1, 2], [3, 4]]": [[1.0, 2.0], [3.0, 4.0]],
    "[1, 2; 3, 4]": [[1.0, 2.0], [3.0, 4.0]],
    "[1; 2]": [[1.0], [2.0]],
    "[[[1]], [[2]]]": [[[1.0]], [[2.0]]],
    "zeros(2, 3)": [[0.0] * 3] * 2,
    "ones((2))": [1.0, 1.0],
    "eye(2)": [[1.0, 0.0], [0.0, 1.0]],
    "eye(1, 2)": [[1.0, 0.0]],
    "full((1, 2), -1.5)": [[-1.5, -1.5]],
    "arange(3)": [0.0, 1.0, 2.0],
    "arange(1, 10, 4)": [1.0, 5.0, 9.0],
    "arange(3, 0, -2)": [3.0, 1.0],
    "linspace(0, 1, 5)": [0.0, 0.25, 0.5, 0.75, 1.0],
}


@pytest.mark.parametrize("source", CONSTANTS)
def test_a_list_of_literals_is_one_constant(source: str) -> None:
    (node,) = parse(source).check().nodes
    assert isinstance(node.const, np.ndarray)
    assert node.const.dtype == np.float64
    assert node.const.tolist() == CONSTANTS[source]
    assert node.shape == node.const.shape
    assert not node.const.flags.writeable
    assert (node.params is None) == source.startswith("[")


def test_random_constants_are_the_same_for_the_same_seed() -> None:
    first, second, other = (
        parse(source).nodes[0].const for source in ("randn(3)", "np.random.randn(3, seed=0)", "randn(3, seed=1)")
    )
    assert isinstance(first, np.ndarray)
    assert np.array_equal(first, np.asarray(second))
    assert not np.array_equal(first, np.asarray(other))


def test_what_a_row_has_of_statics_is_given_in_full() -> None:
    assert parse("sum(A)").nodes[-1].params == {"axis": None, "keepdims": False}
    assert parse("sin(x)").nodes[-1].params is None
    axis = (parse("sum(A, axis=1)").nodes[-1].params or {})["axis"]
    assert type(axis) is int
    delta = (parse("huber(x, y, delta=2)").nodes[-1].params or {})["delta"]
    assert type(delta) is float


def test_a_named_literal_stays_a_node() -> None:
    graph = parse("a = 1; b = [2, 3]; [a, a] + b")
    assert graph.labels == {"a": 0, "b": 1}
    assert [node.const is None for node in graph.nodes] == [False, False, True, True]


def test_the_name_of_a_parameter_is_no_input() -> None:
    assert list(parse("norm(x, ord=inf) + axis").inputs) == ["x", "axis"]
    assert list(parse("sum(A, axis=0) + sum(B, keepdims=True)").inputs) == ["A", "B"]


def test_the_elements_of_all_constants_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TOTAL_ELEMENTS", 10)
    parse("zeros(5) + zeros(5)")
    with pytest.raises(EngineError) as caught:
        parse("zeros(5) + zeros(5) + [1]")
    assert caught.value.code == "too_many_elements"
    assert caught.value.span == Span(22, 25)
    assert caught.value.params == {"limit": 10, "found": 11}


@pytest.mark.parametrize(
    "source",
    ["x[[" + "1" * 150 + "a]]", "x[" + "1," * 16_000 + "1]", "sum(A, axis=(" + "1 " * 15_000 + "x", "zeros(" + "1" * 30_000 + ")",
     "[" * 1_999 + "x" + "]" * 1_999, "sum(" + "(" * 1_900 + "1" + ",1)" * 1_900 + ")", "x" + "'" * 15_000,
     "x" + "[0]" * 9_000, "[" + "1," * 16_000 + "]", "sum(A" + ",None" * 6_000 + ")", "concatenate([" + "x," * 9_000 + "])"],
    ids=lambda source: source[:12],
)  # fmt: skip
def test_a_long_text_takes_no_longer_for_it(source: str) -> None:
    code(source)
