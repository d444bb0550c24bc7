"""Grading one answer or many: tasks as they come in, reports as they go out, and the processes that do the work."""
