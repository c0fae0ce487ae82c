"""The sections of the configuration, a module each; `interceptor.config` puts them together."""
