"""Benchmarks: `make bench` prints tables. Never part of the test run, since times vary from machine to machine."""
