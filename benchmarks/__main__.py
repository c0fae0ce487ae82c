"""``python -m benchmarks``: everything, one after the other."""

from benchmarks import matching, middleware

for module in (matching, middleware):
    print(f"\n== {module.__name__}\n{(module.__doc__ or '').strip()}\n")
    module.main()
