"""A small search engine with real content, for `interceptor demo` and for tests."""
