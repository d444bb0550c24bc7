"""Counters for Prometheus, in its text format. Labels come from closed lists, so the number of series is bounded."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """What this process has answered."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.errors: Counter[str] = Counter()
        self.buckets: dict[str, list[int]] = {}
        self.seconds: Counter[str] = Counter()
        self.active = 0

    def observe(self, method: str, route: str, status: int, code: str | None, seconds: float) -> None:
        """Count one answered request."""
        self.requests[method if method in METHODS else "OTHER", route, status] += 1
        if code is not None:
            self.errors[code] += 1
        buckets = self.buckets.get(route)
        if buckets is None:
            buckets = self.buckets[route] = [0] * (len(BOUNDS) + 1)
        buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds[route] += seconds  # type: ignore[assignment]

    def text(self, version: str) -> str:
        """The exposition format, version 0.0.4."""
        lines = [
            "# HELP wengert_info The version that runs.",
            "# TYPE wengert_info gauge",
            f'wengert_info{{version="{version}"}} 1',
            "# HELP wengert_active_requests Requests being answered now.",
            "# TYPE wengert_active_requests gauge",
            f"wengert_active_requests {self.active}",
            "# HELP wengert_requests_total Requests answered.",
            "# TYPE wengert_requests_total counter",
        ]
        for (method, route, status), count in sorted(self.requests.items()):
            lines.append(f'wengert_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}')
        lines += ["# HELP wengert_errors_total Errors answered, by code.", "# TYPE wengert_errors_total counter"]
        lines += [f'wengert_errors_total{{code="{code}"}} {count}' for code, count in sorted(self.errors.items())]
        lines += ["# HELP wengert_request_seconds Time to answer.", "# TYPE wengert_request_seconds histogram"]
        for route, buckets in sorted(self.buckets.items()):
            total = 0
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), buckets, strict=True):
                total += count
                lines.append(f'wengert_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}')
            lines.append(f'wengert_request_seconds_sum{{route="{route}"}} {self.seconds[route]:.6f}')
            lines.append(f'wengert_request_seconds_count{{route="{route}"}} {total}')
        return "\n".join(lines) + "\n"
