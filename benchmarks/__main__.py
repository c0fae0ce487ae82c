"""``python -m benchmarks``: everything, one after the other."""

from benchmarks import matching, middleware, serving

for module in (matching, middleware, serving):
    print(f"\n== {module.__name__}\n{(module.__doc__ or '').strip()}\n")
    module.main()
