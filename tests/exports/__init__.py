"""Tests of what a report says and of every file that it is rendered to."""
