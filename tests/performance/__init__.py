"""Benchmarks: `make bench` prints tables. Never part of the test run: times vary from machine to machine."""
