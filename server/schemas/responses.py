"""What we send, where it is not already a record of `engine.documents`."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from engine import events as ev
from engine.documents import Line, OpRecord, TraceDocument
from engine.edges import Kink
from engine.explain import Column

AnyEvent = (
    ev.Input | ev.Compute | ev.Seed | ev.Contribute | ev.Stop | ev.Absent
    | ev.SeedNode | ev.Visit | ev.Build | ev.Append | ev.Rewrite
    | ev.JacobianColumn | ev.JacobianRow
)  # fmt: skip


class StepText(Struct, frozen=True):
    """One event in words; in `title` and `why`, LaTeX stands between dollar signs. `say` is for the ear."""

    title: str
    why: str
    say: str
    rule: list[Column]


class TraceText(Struct, frozen=True):
    """A trace in words: LaTeX per node (right-hand side, name, local partials), and a text per event."""

    locale: str
    nodes: list[str]
    names: list[str]
    partials: list[list[str]]
    events: list[StepText]


class TraceResponse(TraceDocument, frozen=True, rename={"pass_": "pass"}):
    """The recorded run of one pass (docs/trace.md), with its `text` where one was asked for."""

    events: list[AnyEvent]  # type: ignore[assignment]
    text: TraceText | UnsetType = UNSET


class Bilingual(Struct, frozen=True):
    """The same in both languages."""

    en: str
    zh: str


class OpsResponse(Struct, frozen=True):
    """Every operation of the language."""

    ops: list[OpRecord]


class PassRecord(Struct, frozen=True, omit_defaults=True):
    """A pass: its algorithm as shown (of each mode, where it has modes), and the options it takes."""

    name: str
    title: Bilingual
    about: Bilingual
    algorithm: list[Line]
    options: list[str]
    modes: dict[str, list[Line]] = {}


class PassesResponse(Struct, frozen=True):
    """Every pass."""

    passes: list[PassRecord]


class ExampleRecord(Struct, frozen=True, omit_defaults=True, rename={"pass_name": "pass"}):
    """A worked example: what to type, at which point, which pass to watch, and where it is from."""

    id: str
    title: Bilingual
    about: Bilingual
    reference: str
    source: str
    inputs: dict[str, float | str]
    pass_name: str
    lanes: str | None = None
    k: int | None = None


class ExamplesResponse(Struct, frozen=True):
    """The gallery."""

    examples: list[ExampleRecord]


class KinkRecord(Struct, frozen=True):
    """A row of the table of kinks, with what it shows (the place is called $v$)."""

    row: Kink
    about: Bilingual


class KinksResponse(Struct, frozen=True):
    """Where frameworks choose derivatives differently; `versions` are those that were asked."""

    versions: dict[str, str]
    kinks: list[KinkRecord]


class LessonRecord(Struct, frozen=True):
    """A way to differentiate: what it does, what it costs, how far off it is, when to use it."""

    method: str
    title: Bilingual
    what: Bilingual
    cost: Bilingual
    error: Bilingual
    use: Bilingual


class LessonsResponse(Struct, frozen=True):
    """A lesson on every method of a comparison."""

    lessons: list[LessonRecord]


class Version(Struct, frozen=True):
    """What runs here, and the version of the trace document."""

    version: str
    trace_version: int


class Health(Struct, frozen=True):
    """Is the server up; is the page built."""

    status: str
    page: bool
