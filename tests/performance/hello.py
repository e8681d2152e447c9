"""The least that a Flask application can do: what a request costs on this machine before we do anything."""

from flask import Flask

app = Flask("hello")


@app.route("/healthz")
def hello() -> str:
    return "hello"
