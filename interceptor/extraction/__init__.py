"""Search queries out of HTTP requests: from the target, from forms, from multipart and JSON bodies.

What an engine might take for the query is what is looked at: every value of every configured parameter, in
every encoding that the engine may know. Where engines read one request differently, all readings count.
Everything here runs in time linear in the request, keeps nothing of it, and raises nothing but
`interceptor.errors.ExtractionError` and its subclasses, which hold nothing of it either.
"""

from interceptor.extraction.extractor import Extractor

__all__ = ["Extractor"]
