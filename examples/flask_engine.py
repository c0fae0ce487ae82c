"""pip install search-interceptor flask gunicorn; gunicorn flask_engine:app"""

import os
from html import escape

from flask import Flask, request

from interceptor import Interceptor
from interceptor.adapters.wsgi import InterceptorMiddleware

PAGE = "<!doctype html><title>Results</title><body><h1>Results for {}</h1><p>There would be some.</p></body>"

app = Flask(__name__)


@app.route("/search", methods=["GET", "POST"])
def search() -> str:
    return PAGE.format(escape(request.form.get("q") or request.args.get("q", "")))


app.wsgi_app = InterceptorMiddleware(app.wsgi_app, Interceptor.load(os.environ.get("INTERCEPTOR_CONFIG")))  # type: ignore[method-assign]
