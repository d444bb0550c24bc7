"""Ask the oracles again.

python -m tests.oracles            compare what they say now with tests/golden/reference, with the table of kinks, and
                                   what they say of arrays with what we do; fail on any difference
python -m tests.oracles --write    write what they say in tests/golden/reference
"""

import math
import sys
from collections.abc import Callable, Mapping
from typing import Any

from tests.corpus import CORPUS
from tests.oracles import answers, kinks, tensors, with_jax, with_mpmath
from tests.oracles.reference import Reading, Reference, load, save

ORACLES: dict[str, Callable[[Callable[..., Any], Mapping[str, float]], Reference]] = {
    "jax": with_jax.reference,
    "mpmath": with_mpmath.reference,
}
RELATIVE = 1e-12
CANCELLED = 1e-13
"""Of the largest number of an expression: the noise where large terms cancel, which differs between processors."""


def differences(old: Reading, new: Reading) -> list[str]:
    """What is not the same, in words."""
    if (old.source, old.inputs) != (new.source, new.inputs):
        return [f"the corpus has {new.source!r} where the file has {old.source!r}: run with --write"]
    kept, fresh = old.reference.numbers(), new.reference.numbers()
    noise = CANCELLED * max(map(abs, fresh))
    return [
        f"{new.source}: {a!r} in the file, {b!r} now"
        for a, b in zip(kept, fresh, strict=True)
        if not math.isclose(a, b, rel_tol=RELATIVE, abs_tol=noise)
    ]


def main(options: list[str]) -> int:
    """Verify, or write; returns the exit code."""
    failures: list[str] = []
    for name, oracle in ORACLES.items():
        fresh = [Reading(case.source, case.inputs, oracle(case.function, case.inputs)) for case in CORPUS]
        failures += [
            f"{name} has no finite answer for {reading.source}"
            for reading in fresh
            if not all(map(math.isfinite, reading.reference.numbers()))
        ]
        if options == ["--write"]:
            save(name, fresh)
            continue
        kept = load(name)
        if len(kept) != len(fresh):
            failures.append(f"{name}: {len(kept)} expressions in the file, {len(fresh)} in the corpus")
        for old, new in zip(kept, fresh, strict=False):
            failures += [f"{name}: {difference}" for difference in differences(old, new)]
    print(*failures, f"{len(CORPUS)} expressions, {len(failures)} differences", sep="\n")
    if options == ["--write"]:
        answers.write()
        return 1 if failures else 0
    for compare in (answers.compare, kinks.compare, tensors.compare):
        different, summary = compare()
        print(*different, summary, sep="\n")
        failures += different
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
