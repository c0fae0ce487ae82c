"""The banner: what a person sees instead of, or above, the results of a search that matched."""

from interceptor.banner.content import View
from interceptor.banner.insertion import StripInserter
from interceptor.banner.render import Banner

__all__ = ["Banner", "StripInserter", "View"]
