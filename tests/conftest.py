"""What all tests share: Hypothesis draws the same examples in every run, so a failure is a failure for everybody."""

from hypothesis import settings

settings.register_profile("wengert", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", parent=settings.get_profile("default"), deadline=None)
settings.load_profile("wengert")
