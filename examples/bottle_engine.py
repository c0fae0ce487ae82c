"""pip install search-interceptor bottle gunicorn; gunicorn bottle_engine:app"""

import os
from html import escape

from bottle import Bottle, request

from interceptor import Interceptor
from interceptor.adapters.wsgi import InterceptorMiddleware

PAGE = "<!doctype html><title>Results</title><body><h1>Results for {}</h1><p>There would be some.</p></body>"

engine = Bottle()


@engine.route("/search", method=["GET", "POST"])  # type: ignore[untyped-decorator]
def search() -> str:
    return PAGE.format(escape(request.forms.getunicode("q") or request.query.getunicode("q") or ""))


app = InterceptorMiddleware(engine, Interceptor.load(os.environ.get("INTERCEPTOR_CONFIG")))
