"""How far two pictures are the same graph: nodes by what they compute, then by what they are meant to.

Every node gets a class: its operation and the classes of what it reads (hash-consing; A. P. Ershov, "On programming of
arithmetic operations", CACM 1(8), 1958). Nodes of one class compute the same from the inputs, whatever they are called
and in whatever order they are listed, so that comparing classes decides isomorphism up to sharing, in linear time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property
from itertools import permutations

from engine.grading.operations import COMMUTES, canonical
from engine.grading.pictures import Item, Picture

Key = tuple[Hashable, ...]
Table = dict[Key, int]
"""What a node is -> the number of its class."""


class Classes:
    """The classes of a picture, numbered by a table that pictures share."""

    def __init__(self, picture: Picture, table: Table, labelled: bool) -> None:
        self.items = picture.items
        self.table = table
        self.labelled = labelled
        self.of: list[int] = []

    def numbered(self, key: Key) -> int:
        """The number of a class, a new one unless it is known."""
        return self.table.setdefault(key, len(self.table))

    def key(self, item: Item, of: Sequence[int]) -> Key:
        """What identifies an item, from the classes of what it reads."""
        if item.leaf is not None:
            return ("leaf", *item.leaf)
        if not self.labelled or item.op is None:
            return ("node", tuple(sorted([of[i] for i in item.inputs if not self.is_constant(i)])))
        name, read = self.spelled(item)
        classes = [of[i] for i in read]
        return (name, statics(item), tuple(sorted(classes) if name in COMMUTES else classes))

    def spelled(self, item: Item) -> tuple[str, tuple[int, ...]]:
        """An operation and what it reads, in the spelling that stands for all."""
        assert item.op is not None
        numbers = {k: value for k, i in enumerate(item.inputs) if isinstance(value := self.constant(i), float)}
        return canonical(item.op.name, item.inputs, numbers)

    def constant(self, i: int) -> object:
        """The value of a constant, None for anything else."""
        leaf = self.items[i].leaf
        return leaf[-1] if leaf is not None and leaf[0] == "constant" else None

    def is_constant(self, i: int) -> bool:
        """Is it a constant?"""
        leaf = self.items[i].leaf
        return leaf is not None and leaf[0] == "constant"

    def operations(self) -> list[int]:
        """The items that are no leaves."""
        return [i for i, item in enumerate(self.items) if item.leaf is None]

    @cached_property
    def readers(self) -> list[set[str]]:
        """For each item the operations that read it."""
        found: list[set[str]] = [set() for _ in self.items]
        for item in self.items:
            for i in item.inputs:
                found[i].add(item.op.name if item.op else "")
        return found

    def sinks(self) -> set[int]:
        """The operations that nothing reads."""
        read = {i for item in self.items for i in item.inputs}
        return {i for i in self.operations() if i not in read}

    def loose_keys(self, item: Item, of: Sequence[int]) -> Iterator[Key]:
        """What identifies an operation whose statics, or whose constants, were left out."""
        assert item.op is not None
        for name, read in (self.spelled(item), (item.op.name, item.inputs)):
            for dropped in (False, True):
                classes = [of[i] for i in read if not (dropped and self.is_constant(i))]
                yield (name, dropped, tuple(sorted(classes) if name in COMMUTES else classes))


def statics(item: Item) -> str:
    """The statics of an operation as a key; "?" where they were not said."""
    assert item.op is not None
    params = item.op.params
    return "?" if params is None else repr(sorted(params.items()))


class Reference:
    """The graph of a source: its classes, and what may be left out of an answer without a doubt."""

    def __init__(self, picture: Picture, labelled: bool) -> None:
        self.labelled = labelled
        self.classes = Classes(picture, {}, labelled)
        of = self.classes.of
        for item in picture.items:
            of.append(self.classes.numbered(self.classes.key(item, of)))
        self.operations = self.classes.operations()
        self.counts = Counter([of[i] for i in self.operations])
        self.sinks = {of[i] for i in self.classes.sinks()}
        self.first = {of[i]: i for i in reversed(self.operations)}
        self.loose: dict[Key, int | None] = {}
        for i in self.operations if labelled else ():
            for key in self.classes.loose_keys(self.classes.items[i], of):
                self.loose[key] = of[i] if self.loose.get(key, of[i]) == of[i] else None

    def compare(self, picture: Picture) -> Likeness:
        """Pair the nodes of an answer with those of the source."""
        return Likeness(self, picture)


class Likeness:
    """An answer beside the source's graph. `stands[i]` is the class that item i stands for, -1 for none."""

    def __init__(self, reference: Reference, picture: Picture) -> None:
        self.reference = reference
        self.picture = picture
        self.classes = Classes(picture, dict(reference.classes.table), reference.labelled)
        self.of = self.classes.of
        for item in picture.items:
            self.of.append(self.class_of(item, self.of))
        self.stands = self.paired()
        self.members: dict[int, list[int]] = defaultdict(list)
        for i in self.classes.operations():
            self.members[self.stands[i]].append(i)

    def is_exact(self, i: int) -> bool:
        """Does an item compute what the class it stands for does?"""
        return self.of[i] == self.stands[i]

    def follows(self, i: int) -> bool:
        """Is it right, given what the items it reads stand for?"""
        return self.class_of(self.classes.items[i], self.stands) == self.stands[i]

    def class_of(self, item: Item, of: Sequence[int]) -> int:
        """The class of an item, from those of what it reads; -1 among these fits nothing."""
        classes = self.classes
        key = classes.key(item, of)
        known = classes.table.get(key)
        if known is not None and (item.leaf is not None or known in self.reference.counts):
            return known
        if item.op is not None and classes.labelled:
            for loose in classes.loose_keys(item, of):
                found = self.reference.loose.get(loose)
                if found is not None and self.is_short(item, found):
                    return found
        return classes.numbered(key)

    def is_short(self, item: Item, meant: int) -> bool:
        """Does an item say less than the node it may mean, and nothing else?"""
        assert item.op is not None
        node = self.reference.classes.items[self.reference.first[meant]]
        fewer = len(item.inputs) < len(node.inputs) and not any(map(self.classes.is_constant, item.inputs))
        return (item.op.params is None and len(item.inputs) == len(node.inputs)) or (
            fewer and (item.op.params is None or statics(item) == statics(node))
        )

    def paired(self) -> list[int]:
        """For each item the class it stands for: its own, what follows from a slip, or the one it resembles most."""
        reference, items = self.reference, self.classes.items
        taken = {c for i, c in enumerate(self.of) if items[i].leaf is None and c in reference.counts}
        stands: list[int] = []
        meant: dict[int, int] = {}
        for i, item in enumerate(items):
            if item.leaf is not None or self.of[i] in reference.counts:
                stands.append(self.of[i])
                continue
            found = self.class_of(item, stands)
            if self.of[i] in meant:
                found = meant[self.of[i]]
            elif found not in reference.counts or found in taken:
                free = [c for c in reference.first if c not in taken]
                likeness, best = max(((self.alike(i, c, stands), -c) for c in free), default=(0, 1))
                found = -best if likeness >= ENOUGH else -1
            meant[self.of[i]] = found
            taken.add(found)
            stands.append(found)
        return stands

    def alike(self, i: int, meant: int, stands: Sequence[int]) -> int:
        """How much an item resembles a node of the source: what it reads, its operation, what reads it, its name."""
        ours, item = self.reference.classes, self.classes.items[i]
        at = self.reference.first[meant]
        node = ours.items[at]
        read = {stands[k] for k in item.inputs if not self.classes.is_constant(k)}
        asked = {ours.of[k] for k in node.inputs if not ours.is_constant(k)}
        score = 4 if read == asked else min(len(read & asked), 2)
        score += 2 * (item.op is not None and node.op is not None and item.op.name == node.op.name)
        users, theirs = self.classes.readers[i], ours.readers[at]
        return score + bool(users & theirs or not users | theirs) + (item.name == node.name)

    def follows_gap(self, meant: int, i: int) -> bool:
        """Does an item read what a missing node would have read, in its place, and is it right otherwise?"""
        ours, item = self.reference.classes, self.classes.items[i]
        node = ours.items[self.reference.first[meant]]
        (name, read), (expected, asked) = (
            c.spelled(n) if c.labelled and n.op else ("", n.inputs) for c, n in ((self.classes, item), (ours, node))
        )
        if name != expected or len(read) != len(asked) or (name and statics(item) not in ("?", statics(node))):
            return False
        given = [self.stands[k] for k in read]
        wanted = [self.through(ours.of[k]) for k in asked]
        orders = permutations(given) if (name in COMMUTES or not name) and len(given) < 6 else [given]
        return any(all(k in w for k, w in zip(order, wanted, strict=True)) for order in orders)

    def through(self, kind: int) -> set[int]:
        """What may stand in the place of a node: itself, or where it is missing what it reads."""
        ours = self.reference.classes
        if kind not in self.reference.counts or self.members.get(kind):
            return {kind}
        return {ours.of[k] for k in ours.items[self.reference.first[kind]].inputs}


ENOUGH = 3
"""How alike two nodes are that are taken for each other: all that they read, or an operation and a part of it."""


def isomorphic(first: Classes, second: Classes) -> bool:
    """Are two graphs of the same classes the same graph, sharing included?

    Colours are refined by what a node reads and by what reads it until they are stable; where nodes cannot be told
    apart, one of them is marked (individualisation and refinement: B. McKay, "Practical graph isomorphism", 1981).
    """
    return matched(Core(first), Core(second))


class Core:
    """A graph without its constants and unused inputs, by colours that start as the classes."""

    def __init__(self, classes: Classes) -> None:
        kept = classes.operations()
        used = {k for i in kept for k in classes.items[i].inputs if not classes.is_constant(k)}
        order = sorted({*kept, *used})
        at = {i: place for place, i in enumerate(order)}
        self.colours = [classes.of[i] for i in order]
        self.ordered, self.reads = [], []
        for i in order:
            item = classes.items[i]
            named = item.op is not None and classes.labelled
            name, read = classes.spelled(item) if named else ("", item.inputs)
            self.ordered.append(named and name not in COMMUTES)
            self.reads.append([at[k] for k in read if k in at])
        self.users: list[list[tuple[int, int]]] = [[] for _ in order]
        for i, ids in enumerate(self.reads):
            for argnum, k in enumerate(ids):
                self.users[k].append((i, argnum if self.ordered[i] else 0))

    def refined(self, colours: Sequence[int], ids: dict[Hashable, int]) -> list[int]:
        """New colours: the old one, those of what a node reads, those of what reads it with the argument's number."""
        found = []
        for i, colour in enumerate(colours):
            read = [colours[k] for k in self.reads[i]]
            users = tuple(sorted([(colours[k], argnum) for k, argnum in self.users[i]]))
            key = (colour, tuple(read if self.ordered[i] else sorted(read)), users)
            found.append(ids.setdefault(key, len(ids)))
        return found


def matched(first: Core, second: Core) -> bool:
    """The same, from the colours that both have."""
    a, b = first.colours, second.colours
    kinds = 0
    while Counter(a) == Counter(b) and len(set(a)) > kinds:
        kinds = len(set(a))
        ids: dict[Hashable, int] = {}
        a, b = first.refined(a, ids), second.refined(b, ids)
    if Counter(a) != Counter(b):
        return False
    alike = [colour for colour, copies in Counter(a).items() if copies > 1]
    if not alike:
        return True
    chosen, mark = a.index(alike[0]), len(a) + len(b)
    first.colours = [mark if i == chosen else colour for i, colour in enumerate(a)]
    for k in [k for k, colour in enumerate(b) if colour == alike[0]]:
        second.colours = [mark if i == k else colour for i, colour in enumerate(b)]
        if matched(first, second):
            return True
    return False
