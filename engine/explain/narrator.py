"""Follows a trace event by event and says of each what it means."""

from __future__ import annotations

from engine.explain.backward import Backward
from engine.explain.columns import Explanation
from engine.explain.evaluation import Evaluation
from engine.explain.growth import Growth
from engine.explain.jacobians import Jacobians


class Narrator(Evaluation, Backward, Growth, Jacobians):
    """Every family of events. An event is explained by the method that its kind names."""

    def explanation(self) -> Explanation:
        """Explain the events in order, and label the nodes by what the events say of them."""
        texts = [getattr(self, type(event).__struct_config__.tag)(event) for event in self.document.events]  # type: ignore[arg-type]
        return Explanation([text for text, _ in self.statements], self.names, self.symbols, texts)
