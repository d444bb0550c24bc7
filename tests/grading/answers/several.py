"""Several inputs, parts of the domain, agreement at some points only, digits that are lost, domains far from 1."""

from tests.grading.answers.rows import form, task

# fmt: off
ROWS = [
    # d/dx x^2 y^3
    *task("2*x*y^3", lambda F, x, y: 2 * x * y**3,
        right=[
            form(lambda F, x, y: 2 * x * y**3, "2x y^3", "2x·y³", "2*x*y**3", "y^3*2x", "２ｘ ｙ³", "2 x y y y"),
            form(lambda F, x, y: (x + x) * y * y**2, "(x+x)y*y^2"),
            form(lambda F, x, y: (x**2 * y**3) / x * 2, "(x^2 y^3)/x*2"),
            form(lambda F, x, y: ((x + y) ** 2 - (x - y) ** 2) * y**2 / 2, "((x+y)^2-(x-y)^2)y^2/2"),
        ],
        wrong=[
            form(lambda F, x, y: 3 * x**2 * y**2, "3x^2 y^2"),
            form(lambda F, x, y: 2 * x * 3 * y**2, "2x*3y^2", "6x y^2"),
            form(lambda F, x, y: 2 * x, "2x"),
            form(lambda F, x, y: 2 * x + y**3, "2x + y^3"),
            form(lambda F, x, y: 2 * y * x**3, "2y x^3"),
            form(lambda F, x, y: 2 * x * y**3 + x - y, "2x y^3 + x - y"),
            form(lambda F, x, y: 2 * F.abs(x) * y**3, "2|x|y^3"),
        ],
        malformed=["2xy^3", "2x z^3", "2x y^", "2x y^3 dx"]),
    # d/dx sin(x y)
    *task("y*cos(x*y)", lambda F, x, y: y * F.cos(x * y),
        right=[
            form(lambda F, x, y: y * F.cos(x * y), "cos(x y)*y", "y cos(x y)", "y·cos(x·y)", "cos(y x)y", "y*np.cos(y*x)"),
            form(lambda F, x, y: y * F.sin(x * y + F.pi / 2), "y sin(x y + pi/2)"),
            form(lambda F, x, y: y * F.sin(2 * x * y) / (2 * F.sin(x * y)), "y sin(2x y)/(2sin(x y))"),
            form(lambda F, x, y: y * (2 * F.cos(x * y / 2) ** 2 - 1), "y(2cos(x y/2)^2 - 1)"),
        ],
        wrong=[
            form(lambda F, x, y: F.cos(x * y), "cos(x y)"),
            form(lambda F, x, y: x * F.cos(x * y), "x cos(x y)"),
            form(lambda F, x, y: -y * F.cos(x * y), "-y cos(x y)"),
            form(lambda F, x, y: y * F.cos(x), "y cos(x)"),
            form(lambda F, x, y: F.cos(y), "cos(y)"),
            form(lambda F, x, y: y * F.cos(x * y * F.pi / 180), "y cos(x y*pi/180)"),
            form(lambda F, x, y: y * F.cos(x) * F.cos(y), "y cos(x)cos(y)"),
        ]),
    # d/dx sqrt(x^2 + y^2)
    *task("x/sqrt(x^2 + y^2)", lambda F, x, y: x / F.sqrt(x**2 + y**2),
        right=[
            form(lambda F, x, y: x / F.sqrt(x**2 + y**2), "x/√(x²+y²)", "x/hypot(x, y)", "x(x^2+y^2)^(-1/2)", "x/(x**2+y**2)**0.5"),
            form(lambda F, x, y: 2 * x / (2 * F.sqrt(x**2 + y**2)), "2x/(2sqrt(x^2+y^2))"),
            form(lambda F, x, y: F.cos(F.atan2(y, x)), "cos(atan2(y, x))", "cos(arctan2(y,x))"),
            form(lambda F, x, y: x * F.sqrt(x**2 + y**2) / (x**2 + y**2), "x sqrt(x^2+y^2)/(x^2+y^2)"),
        ],
        wrong=[
            form(lambda F, x, y: y / F.sqrt(x**2 + y**2), "y/sqrt(x^2+y^2)"),
            form(lambda F, x, y: 1 / (2 * F.sqrt(x**2 + y**2)), "1/(2sqrt(x^2+y^2))"),
            form(lambda F, x, y: F.cos(F.atan(y / x)), "cos(arctan(y/x))", "1/sqrt(1+(y/x)^2)"),
            form(lambda F, x, y: x / (x + y), "x/(x+y)"),
            form(lambda F, x, y: x / (F.abs(x) + F.abs(y)), "x/(|x|+|y|)"),
            form(lambda F, x, y: F.sin(F.atan2(y, x)), "sin(atan2(y, x))"),
        ]),
    # d/dy x/y + ln y
    *task("1/y - x/y^2", lambda F, x, y: 1 / y - x / y**2,
        right=[
            form(lambda F, x, y: -x / y**2 + 1 / y, "-x/y^2 + 1/y", "−x·y^−2 + y^−1"),
            form(lambda F, x, y: (y - x) / y**2, "(y-x)/y^2", "(y−x)/y²"),
            form(lambda F, x, y: (1 - x / y) / y, "(1 - x/y)/y"),
            form(lambda F, x, y: -(x - y) / (y * y), "-(x-y)/(y*y)"),
        ],
        wrong=[
            form(lambda F, x, y: 1 / y + x / y**2, "1/y + x/y^2"),
            form(lambda F, x, y: 1 / y, "1/y"),
            form(lambda F, x, y: 1 / y + x, "1/y + x"),
            form(lambda F, x, y: (y - x) / y, "(y-x)/y"),
            form(lambda F, x, y: (x - y) / y**2, "(x-y)/y^2"),
            form(lambda F, x, y: 1 / y - 1 / y**2, "1/y - 1/y^2"),
        ],
        y=(0.1, 3), x=(-2, 2)),
    # a x^2 + b x + c
    *task("2*a*x + b", lambda F, a, b, x: 2 * a * x + b,
        right=[
            form(lambda F, a, b, x: 2 * a * x + b, "2a x + b", "b + 2a·x", "2x a + b", "a*2*x + b*1"),
            form(lambda F, a, b, x: a * x + (a * x + b), "a x + (a x + b)"),
            form(lambda F, a, b, x: ((2 * a * x) ** 2 - b**2) / (2 * a * x - b), "((2a x)^2 - b^2)/(2a x - b)"),
        ],
        wrong=[
            form(lambda F, a, b, x: 2 * a * x, "2a x"),
            form(lambda F, a, b, x: 2 * (a * x + b), "2(a x + b)"),
            form(lambda F, a, b, x: a * x + b, "a x + b"),
            form(lambda F, a, b, x: 2 * x + 1, "2x + 1"),
            form(lambda F, a, b, x: 2 * a + b, "2a + b"),
            form(lambda F, a, b, x: 2 * a * x + b + (a - b) * F.d("1e-6"), "2a x + b + 1e-6(a-b)"),
        ],
        malformed=["2ax + b", "2a x + c", "2a x + "]),
    # |x| on both sides
    *task("x/abs(x)", lambda F, x: x / F.abs(x),
        right=[
            form(lambda F, x: F.sign(x), "sign(x)", "sgn(x)", "x/|x|", "|x|/x"),
            form(lambda F, x: x / F.sqrt(x**2), "x/sqrt(x^2)"),
            form(lambda F, x: F.where(F.less(x, 0), -1, 1), "where(x < 0, -1, 1)", "2*(x > 0) - 1", "2heaviside(x) - 1"),
        ],
        wrong=[
            form(lambda F, x: 1 + 0 * x, "1", "x/x"),
            form(lambda F, x: F.abs(x), "|x|"),
            form(lambda F, x: -F.sign(x), "-sign(x)"),
            form(lambda F, x: F.tanh(20 * x), "tanh(20x)"),
            form(lambda F, x: F.where(F.less(x, F.d("-0.95")), 1, F.sign(x)), "where(x < -0.95, 1, sign(x))", x=-0.97),
        ],
        x=(-1, 1)),
    # one-point coincidences and misses at x = 2
    *task("x^2", lambda F, x: x**2,
        right=[
            form(lambda F, x: x**2, "x*x", "x²", "|x|^2", "(-x)^2", "x**2", "square(x)"),
            form(lambda F, x: F.sqrt(x**4), "sqrt(x^4)", "√(x⁴)"),
            form(lambda F, x: F.exp(2 * F.log(F.abs(x))), "e^(2ln(|x|))"),
            form(lambda F, x: (x + 1) ** 2 - 2 * x - 1, "(x+1)^2 - 2x - 1"),
            form(lambda F, x: (x**2 + F.d("1e10")) - F.d("1e10"), "x^2 + 1e10 - 1e10"),
        ],
        wrong=[
            form(lambda F, x: 2 * x, "2x", "x + x"),
            form(lambda F, x: 4 + 0 * x, "4"),
            form(lambda F, x: 2**x, "2^x"),
            form(lambda F, x: x**3 - 4, "x^3 - 4"),
            form(lambda F, x: x + 2, "x + 2"),
            form(lambda F, x: 8 / x, "8/x"),
            form(lambda F, x: x * F.abs(x), "x|x|"),
            form(lambda F, x: F.abs(x) ** F.d("1.9999999"), "|x|^1.9999999"),
            form(lambda F, x: -(x**2), "-x^2", "(-1)x²"),
            form(lambda F, x: F.exp(2 * F.log(x)), "e^(2ln(x))"),
            form(lambda F, x: F.floor(x) ** 2, "floor(x)^2"),
            form(lambda F, x: x**2 + F.d("1e-7"), "x² + 0.0000001"),
            form(lambda F, x: x**2 * (1 + F.d("1e-7")), "1.0000001x^2"),
            form(lambda F, x: x**2 + (x - 2) * F.sin(F.pi * x), "x^2 + (x-2)sin(pi x)"),
        ],
        malformed=["x^(2", "x^2)", "x squared", "xx"],
        x=(-3, 3)),
    # far from 1
    *task("exp(x)", lambda F, x: F.exp(x),
        right=[
            form(lambda F, x: F.exp(2 * x) / F.exp(x), "e^(2x)/e^x", "exp(2x)/exp(x)", "e^(2*x)*e^(-x)"),
            form(lambda F, x: F.exp(x / 2) ** 2, "(e^(x/2))^2", "exp(x/2)*exp(x/2)"),
            form(lambda F, x: 1 / F.exp(-x), "1/e^-x"),
            form(lambda F, x: F.sinh(x) + F.cosh(x), "sinh(x) + cosh(x)"),
            form(lambda F, x: F.exp(3 * x) / F.exp(x) ** 2, "e^(3x)/(e^x)^2"),
        ],
        wrong=[
            form(lambda F, x: 2 * F.sinh(x) * (1 + F.d("1e-8")), "2.00000002sinh(x)"),
            form(lambda F, x: F.exp(x + F.d("1e-7")), "e^(x + 1e-7)"),
            form(lambda F, x: F.exp(2 * x), "e^(2x)"),
            form(lambda F, x: F.exp(-x), "e^-x"),
            form(lambda F, x: F.exp(x) * (1 + 1 / x), "e^x(1 + 1/x)"),
        ],
        x=(300, 600)),
    *task("x*1e-12", lambda F, x: x * F.d("1e-12"),
        right=[
            form(lambda F, x: x / F.d("1e12"), "x/1e12", "x*10^-12", "1e-6x*1e-6"),
            form(lambda F, x: (1 + x * F.d("1e-12")) - 1, "(1 + 1e-12x) - 1", "1 - (1 - x/1e12)"),
        ],
        wrong=[
            form(lambda F, x: 0 * x, "0", "0*x"),
            form(lambda F, x: x * F.d("1.0000001e-12"), "x*1.0000001e-12"),
            form(lambda F, x: F.d("1e-12") + 0 * x, "1e-12"),
            form(lambda F, x: x * F.d("1e-12") + F.d("1e-18"), "x*1e-12 + 1e-18"),
        ],
        x=(1, 5)),
    # logarithm to base 10
    *task("1/(x*log(10))", lambda F, x: 1 / (x * F.log(10)),
        right=[
            form(lambda F, x: 1 / (x * F.log(10)), "1/(x ln(10))", "1/(x·ln(10))", "1/(ln(10)x)", "(1/x)/ln(10)", "1/(x*np.log(10))"),
            form(lambda F, x: 1 / F.log(10**x), "1/ln(10^x)"),
            form(lambda F, x: F.log(F.e) / F.log(10) / x, "log10(e)/x", "lg(e)/x"),
        ],
        wrong=[
            form(lambda F, x: 1 / x, "1/x"),
            form(lambda F, x: F.log(10) / x, "ln(10)/x"),
            form(lambda F, x: 1 / (10 * x), "1/(10x)"),
            form(lambda F, x: 1 / (x * F.d("2.302585")), "1/(2.302585x)"),
            form(lambda F, x: F.d("0.434294") / x, "0.434294/x"),
            form(lambda F, x: 1 / x, "1/(x log10(10))"),
        ],
        malformed=["1/(x ln 10)", "1/(x log_10)"],
        x=(0.2, 5)),
    # cube root, real on both sides
    *task("1/(3*cbrt(x)^2)", lambda F, x: 1 / (3 * F.cbrt(x) ** 2),
        right=[
            form(lambda F, x: 1 / (3 * F.cbrt(x**2)), "1/(3cbrt(x^2))", "1/(3∛(x²))"),
            form(lambda F, x: F.abs(x) ** F.d("-2/3") / 3, "|x|^(-2/3)/3", "(x^2)^(-1/3)/3"),
            form(lambda F, x: F.cbrt(x) / (3 * x), "cbrt(x)/(3x)", "∛x/(3x)"),
        ],
        wrong=[
            form(lambda F, x: F.d("1/3") * x ** F.d("-2/3"), "1/3 x^(-2/3)", "x^(-2/3)/3"),
            form(lambda F, x: 1 / (3 * F.cbrt(x)), "1/(3cbrt(x))"),
            form(lambda F, x: F.cbrt(x) ** -2, "cbrt(x)^-2"),
            form(lambda F, x: 3 * F.cbrt(x) ** 2, "3cbrt(x)^2"),
        ],
        x=(-2, 2)),
]
