"""Answers to proxies that ask before they forward a request, one module a protocol."""
