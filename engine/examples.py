"""The gallery: worked examples of lectures and textbooks, one entry each. Tests assert the numbers of their source."""

from __future__ import annotations

from msgspec import Struct


class Example(Struct, frozen=True):
    """What to type, at which point, which pass to watch; `lanes` and `k` set the picture and the step to open at."""

    id: str
    title: dict[str, str]
    about: dict[str, str]
    reference: str
    source: str
    inputs: dict[str, float | str]
    pass_name: str
    lanes: str | None = None
    k: int | None = None


def example(
    name: str,
    source: str,
    inputs: dict[str, float | str],
    pass_name: str,
    *,
    en: tuple[str, str],
    zh: tuple[str, str],
    reference: str = "",
    lanes: str | None = None,
    k: int | None = None,
) -> Example:
    """An entry; `en` and `zh` are its title and what it is about."""
    title, about = {"en": en[0], "zh": zh[0]}, {"en": en[1], "zh": zh[1]}
    return Example(name, title, about, reference, source, inputs, pass_name, lanes, k)


BAYDIN = "Baydin, Pearlmutter, Radul, Siskind: Automatic differentiation in machine learning: a survey, JMLR 18 (2018)"
DLSYS = "CMU 10-714 Deep Learning Systems, lecture 4; UW CSE 599W, lecture 4"
CS231N = "Stanford CS231n, Backpropagation, intuitions"
GRIEWANK = "Griewank, Walther: Evaluating Derivatives, 2nd ed., SIAM 2008"

EXAMPLES: tuple[Example, ...] = (
    example(
        "baydin-reverse", "ln(x1) + x1*x2 - sin(x2)", {"x1": 2.0, "x2": 5.0}, "reverse",
        en=("The standard example, reverse mode", "Table 3 of the survey: both partial derivatives in one pass back."),
        zh=("标准例题，反向模式", "综述的表 3：一遍反向传播得到两个偏导数。"),
        reference=f"{BAYDIN}, Table 3",
    ),
    example(
        "baydin-forward", "ln(x1) + x1*x2 - sin(x2)", {"x1": 2.0, "x2": 5.0}, "forward",
        en=("The standard example, forward mode", "Table 2 of the survey: the tangent along x1 goes with the values."),
        zh=("标准例题，前向模式", "综述的表 2：沿 x1 的切线值与原值一起计算。"),
        reference=f"{BAYDIN}, Table 2",
    ),
    example(
        "baydin-graph", "ln(x1) + x1*x2 - sin(x2)", {"x1": 2.0, "x2": 5.0}, "adjoint_graph", lanes="mirror",
        en=("The standard example, adjoint graph", "Reverse mode run on the nodes: the gradient becomes a graph."),
        zh=("标准例题，伴随图", "在节点上运行反向模式：梯度本身成为一张图。"),
        reference=DLSYS,
    ),
    example(
        "dlsys-reverse-graph", "v2 = exp(v1)\nv3 = v2 + 1\nv2*v3", {"v1": 0.0}, "adjoint_graph", lanes="mirror",
        en=("Extending the graph by its gradient", "node_to_grad, step by step: five new nodes; v2 and v3 are reused."),
        zh=("用梯度扩展计算图", "一步一步看 node_to_grad：新建五个节点，v2 和 v3 被再次使用。"),
        reference=DLSYS,
    ),
    example(
        "colah", "c = a + b\nd = b + 1\ne1 = c*d", {"a": 2.0, "b": 1.0}, "reverse",
        en=("Two paths from one input", "b reaches the output along two paths: 2 and 3 are added."),
        zh=("一个输入的两条路径", "b 沿两条路径到达输出：贡献相加，2 + 3 = 5。"),
        reference="Olah: Calculus on computational graphs: backpropagation, 2015",
    ),
    example(
        "cs231n-gates", "q = x + y\nf = q*z", {"x": -2.0, "y": 5.0, "z": -4.0}, "reverse",
        en=("The first circuit", "A sum passes its adjoint on, a product swaps its inputs."),
        zh=("第一个电路", "加法原样传递伴随值，乘法交换两个输入。"),
        reference=CS231N,
    ),
    example(
        "cs231n-max", "2*(x*y + max(z, w))", {"x": 3.0, "y": -4.0, "z": 2.0, "w": -1.0}, "reverse",
        en=("Add, multiply, max", "The maximum routes its adjoint to the larger input; the other one gets 0."),
        zh=("加、乘与最大值", "最大值把伴随值送给较大的输入，另一个得到 0。"),
        reference=CS231N,
    ),
    example(
        "cs231n-neuron", "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))",
        {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}, "reverse",
        en=("A sigmoid neuron", "The sigmoid written out, node by node: 0.73, and the gradient of five inputs."),
        zh=("一个 sigmoid 神经元", "把 sigmoid 拆成一个个节点：0.73，以及五个输入的梯度。"),
        reference=CS231N,
    ),
    example(
        "cs231n-staged", "(x + sigmoid(y))/(sigmoid(x) + (x + y)^2)", {"x": 3.0, "y": -4.0}, "reverse",
        en=("An expression nobody differentiates by hand", "The chain rule in stages needs no long formula."),
        zh=("没人想手算的导数", "分步使用链式法则，不需要长公式。"),
        reference=CS231N,
    ),
    example(
        "tanh-neuron", "tanh(x1*w1 + x2*w2 + b)",
        {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432}, "reverse",
        en=("A tanh neuron", "The bias was chosen so that the derivative of tanh is exactly one half."),
        zh=("一个 tanh 神经元", "偏置的取值使 tanh 的导数恰好是二分之一。"),
        reference="Karpathy: The spelled-out intro to neural networks and backpropagation, 2022",
    ),
    example(
        "micrograd-loss", "e1 = a*b\nd = e1 + c\nL = d*f", {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}, "reverse",
        en=("The first loss", "Three nodes, four inputs: which way would each input have to move?"),
        zh=("第一个损失函数", "三个节点、四个输入：每个输入应往哪个方向调整？"),
        reference="Karpathy: The spelled-out intro to neural networks and backpropagation, 2022",
    ),
    example(
        "micrograd-readme",
        "c = a + b\nd = a*b + b^3\nc = c + c + 1\nc = c + 1 + c + (-a)\nd = d + d*2 + relu(b + a)\n"
        "d = d + 3*d + relu(b - a)\nt = c - d\nf = t^2\ng = f/2.0\ng = g + 10.0/f",
        {"a": -4.0, "b": 2.0}, "reverse",
        en=("The README of micrograd", "Names assigned again, relu on both sides of its kink: 138.83 and 645.58."),
        zh=("micrograd 的 README", "反复赋值的名字、折点两侧的 relu：138.83 与 645.58。"),
        reference="Karpathy: micrograd, README",
    ),
    example(
        "griewank", "(sin(x1/x2) + x1/x2 - exp(x2))*(x1/x2 - exp(x2))", {"x1": 1.5, "x2": 0.5}, "simplify",
        en=("Shared subexpressions", "x1/x2 and exp(x2) stand there more than once: watch equal nodes merge."),
        zh=("公共子表达式", "x1/x2 和 exp(x2) 多次出现：看相同的节点如何合并。"),
        reference=f"{GRIEWANK}, ch. 1",
    ),
    example(
        "griewank-tape", "a = x1/x2\nc = exp(x2)\nd = a - c\n(sin(a) + d)*d", {"x1": 1.5, "x2": 0.5}, "reverse",
        en=("The first tape of the textbook", "The same function, its subexpressions named as in the book."),
        zh=("教科书的第一条求值轨迹", "同一个函数，子表达式都有名字，与书中的求值过程一致。"),
        reference=f"{GRIEWANK}, ch. 1",
    ),
    example(
        "speelpenning", "x1*x2*x3*x4", {"x1": 1.0, "x2": 2.0, "x3": 3.0, "x4": 4.0}, "reverse",
        en=("Speelpenning's product", "Four forward passes or one reverse pass: the cheap gradient."),
        zh=("Speelpenning 乘积", "四遍前向，或者一遍反向：这就是廉价梯度原理。"),
        reference=f"{GRIEWANK}, ch. 3; Speelpenning, thesis, 1980",
    ),
    example(
        "logistic-map", "l2 = 4*x*(1 - x)\nl3 = 4*l2*(1 - l2)\nl4 = 4*l3*(1 - l3)", {"x": 0.2}, "forward",
        en=("The logistic map", "Three lines of program; the symbolic derivative swells, the tape does not."),
        zh=("逻辑斯谛映射", "三行程序：符号导数急剧膨胀，求值轨迹却不会。"),
        reference=f"{BAYDIN}, Table 1",
    ),
    example(
        "polar-x", "r*cos(t)", {"r": 2.0, "t": 0.5235987755982988}, "forward",
        en=("Polar map, first component", "One row of a Jacobian: (0.866, -1) at r = 2, t = pi/6."),
        zh=("极坐标映射，第一个分量", "雅可比矩阵的一行：在 r = 2、t = pi/6 处为 (0.866, -1)。"),
    ),
    example(
        "polar-y", "r*sin(t)", {"r": 2.0, "t": 0.5235987755982988}, "forward",
        en=("Polar map, second component", "The other row: (0.5, 1.732). The determinant of both is r."),
        zh=("极坐标映射，第二个分量", "另一行：(0.5, 1.732)。两行的行列式等于 r。"),
    ),
    example(
        "polar", "[r*cos(t), r*sin(t)]", {"r": 2.0, "t": 0.5235987755982988}, "jacobian",
        en=("The polar map and its Jacobian", "Two outputs, two inputs: the matrix row by row. Its determinant is r."),
        zh=("极坐标映射及其雅可比矩阵", "两个输出、两个输入：矩阵逐行得到，它的行列式等于 r。"),
    ),
    example(
        "rosenbrock", "(1 - x)^2 + 100*(y - x^2)^2", {"x": -1.2, "y": 1.0}, "reverse",
        en=("Rosenbrock's valley", "The test function of optimisation at its usual starting point."),
        zh=("Rosenbrock 山谷", "最优化的测试函数，在它常用的起点处。"),
        reference="Rosenbrock: An automatic method for finding the greatest or least value of a function, 1960",
    ),
    example(
        "third-order", "exp(2*x) + exp(x)", {"x": 0.0}, "adjoint_graph", lanes="mirror",
        en=("Again and again", "The derivative is a graph, so differentiate it again: 3, 5 and 9 at x = 0."),
        zh=("反复求导", "导数也是图，于是再求导一次：在 x = 0 处依次为 3、5、9。"),
        reference=DLSYS,
    ),
    example(
        "sigmoid-slope", "sigmoid(x)", {"x": 0.0}, "adjoint_graph", lanes="mirror",
        en=("The slope of a sigmoid", "Its partial uses the output again: y (1 - y), one quarter at 0."),
        zh=("sigmoid 的斜率", "它的偏导数再次用到输出：y (1 - y)，在 0 处为四分之一。"),
    ),
    example(
        "squared-norm", "q = W @ x\nsum(q^2)", {"W": "[0.1, 0.5; -0.3, 0.8]", "x": "[0.2, 0.4]"}, "reverse",
        en=("A matrix and a vector", "The gradient of ||Wx||² by W is an outer product, by x a product with Wᵀ."),
        zh=("矩阵与向量", "||Wx||² 对 W 的梯度是外积，对 x 的梯度是与 Wᵀ 的乘积。"),
        reference="Stanford CS231n, Backpropagation with vectors and matrices",
    ),
    example(
        "broadcast-bias", "Z = X @ W + b\nsum(Z^2)",
        {"X": "[1, 2; 3, 4; 5, 6]", "W": "[1, 0; -1, 2]", "b": "[0.5, -0.5]"}, "reverse",
        en=("A bias that is broadcast", "Each row gets the same bias, so its adjoint is summed over the rows."),
        zh=("被广播的偏置", "每一行都加同一个偏置，所以它的伴随要按行求和。"),
    ),
    example(
        "quadratic-form", "x.T @ A @ x", {"x": "[1, -2]", "A": "[2, 1; 0, 3]"}, "adjoint_graph", lanes="mirror",
        en=("A quadratic form", "Its gradient (A + Aᵀ) x comes along two paths."),
        zh=("二次型", "梯度 (A + Aᵀ) x 沿两条路径得到。"),
        reference="Petersen, Pedersen: The Matrix Cookbook, equation 81",
    ),
    example(
        "least-squares", "r = A @ x - b\nr @ r", {"A": "[1, 0; 1, 1; 1, 2]", "x": "[1, 0.5]", "b": "[1, 2, 2]"},
        "reverse",
        en=("Least squares", "The gradient is 2 Aᵀ (Ax - b): the residual, carried back by the transpose."),
        zh=("最小二乘", "梯度为 2 Aᵀ (Ax - b)：残差由转置矩阵传回。"),
    ),
    example(
        "two-layers", "Z1 = X @ W1 + b1\nZ2 = relu(Z1) @ W2 + b2\ncross_entropy(Z2, y)",
        {"X": "[1, 2; -1, 1]", "W1": "[1, -1, 0.5; 0.5, 1, -1]", "b1": "[0, 0.5, 0.5]",
         "W2": "[1, -1; 0.5, -0.25; -1, 2]", "b2": "[0, 0]", "y": "[0, 1]"}, "reverse",
        en=("A classifier of two layers", "relu, softmax and cross-entropy, a batch of two: what courses train first."),
        zh=("两层分类器", "relu、softmax 与交叉熵，批量为二：每门课最先训练的网络。"),
    ),
    example(
        "kink", "relu(x) + abs(x) + max(x, 0)", {"x": 0.0}, "reverse",
        en=("At the kink", "No derivative exists here; a convention decides, and libraries differ."),
        zh=("在折点处", "这里没有导数，只有约定，而各个库并不一致。"),
    ),
    example(
        "pole", "sqrt(x) + ln(x)", {"x": 0.0}, "reverse",
        en=("Where it breaks", "The logarithm has a pole at 0, the root an infinite slope: the culprit is named."),
        zh=("出错的地方", "对数在 0 处是极点，平方根的斜率为无穷：指出第一个出错的节点。"),
    ),
    example(
        "stop-gradient", "stop_gradient(x*x)*x", {"x": 3.0}, "reverse",
        en=("A stopped path", "The square counts as a constant: 9 and not 27."),
        zh=("被截断的路径", "平方被当作常数：结果是 9 而不是 27。"),
        reference="d2l.ai, Automatic differentiation",
    ),
)  # fmt: skip
