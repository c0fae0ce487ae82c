"""The interceptor inside a web application: one module a framework, the same verbs in each."""
