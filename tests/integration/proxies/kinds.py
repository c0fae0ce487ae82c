"""The proxies that configurations ship for, and how a test sets each of them up."""

from __future__ import annotations

from tests.integration.proxies.site import Proxy


def _authz(protocol: str, **more: object) -> dict[str, object]:
    return {"authz": {protocol: {"enabled": True, "peers": ["127.0.0.1"]}, **more}}


_HTTPD_MODULES = "/usr/lib/apache2/modules"
_HTTPD_LOADED = (
    "mpm_event",
    "authz_core",
    "slotmem_shm",
    "proxy",
    "proxy_http",
    "proxy_balancer",
    "lbmethod_byrequests",
    "proxy_hcheck",
)

NGINX = Proxy(
    name="nginx",
    files=("search.conf",),
    places=lambda at: {
        "127.0.0.1:8080": f"127.0.0.1:{at.sidecar}",
        "127.0.0.1:8888": f"127.0.0.1:{at.engine}",
        "listen 80;": f"listen 127.0.0.1:{at.public};",
        "_read_timeout 2s": "_read_timeout 1s",
        "_read_timeout 65s": "_read_timeout 1s",
    },
    wrapper=lambda at: {
        "nginx.conf": f"""
user root;
daemon off;
pid nginx.pid;
error_log error.log info;
events {{}}
http {{
    access_log access.log combined;
    error_log error.log info;
    client_body_temp_path temporary-bodies;
    proxy_temp_path temporary-pages;
    fastcgi_temp_path temporary-fastcgi;
    uwsgi_temp_path temporary-uwsgi;
    scgi_temp_path temporary-scgi;
    proxy_cache_path cache keys_zone=everything:1m;
    proxy_cache everything;
    proxy_cache_valid any 1h;
    include {at.folder}/search.conf;
}}
"""
    },
    command=lambda program, at: [program, "-p", str(at.folder), "-c", "nginx.conf", "-e", "error.log"],
    program="nginx",
    service=_authz("auth_request", annotated="hand-over"),
    closed={
        "return 204;": "return 403;",
        "error_page 502 504 = @engine_alone;": "",
    },
)

HAPROXY = Proxy(
    name="haproxy",
    files=("haproxy.cfg", "interceptor.lua"),
    places=lambda at: {
        "127.0.0.1:8080": f"127.0.0.1:{at.sidecar}",
        "127.0.0.1:8888": f"127.0.0.1:{at.engine}",
        "bind :80\n": f"bind 127.0.0.1:{at.public}\n",
        "/etc/haproxy/interceptor.lua": f"{at.folder}/interceptor.lua",
        "timeout server 65s": "timeout server 2s",
    },
    command=lambda program, at: [program, "-db", "-f", f"{at.folder}/haproxy.cfg"],
    program="haproxy",
    service=_authz("auth_request", annotated="hand-over"),
    closed={
        "    server engine_alone": "    # server engine_alone",
        "127.0.0.1:8080 open if": "127.0.0.1:8080 closed if",
        "    #http-request return": "    http-request return",
    },
)

HTTPD = Proxy(
    name="httpd",
    files=("search.conf",),
    places=lambda at: {
        '"http://127.0.0.1:8080"': f'"http://127.0.0.1:{at.sidecar}"',
        '"http://127.0.0.1:8888"': f'"http://127.0.0.1:{at.engine}"',
        "<VirtualHost *:80>": f"<VirtualHost 127.0.0.1:{at.public}>",
        " timeout=65 ": " timeout=2 ",
    },
    wrapper=lambda at: {
        "httpd.conf": "\n".join(
            [
                f"ServerRoot {at.folder}",
                f"DefaultRuntimeDir {at.folder}",
                *(f"LoadModule {name}_module {_HTTPD_MODULES}/mod_{name}.so" for name in _HTTPD_LOADED),
                f"Listen 127.0.0.1:{at.public}",
                f"PidFile {at.folder}/httpd.pid",
                "ServerName search.example",
                "ErrorLog error.log",
                "LogLevel info",
                "CustomLog access.log combined",
                "Include search.conf",
                "",
            ]
        ).replace("combined", '"%h %r %>s %B %{User-Agent}i"')
    },
    command=lambda program, at: [program, "-X", "-d", str(at.folder), "-f", "httpd.conf"],
    program="apache2",
    service={},
    closed={'        BalancerMember "http://127.0.0.1:8888"': '        # "http://127.0.0.1:8888"'},
)

CADDY = Proxy(
    name="caddy",
    files=("Caddyfile",),
    places=lambda at: {
        "127.0.0.1:8080": f"127.0.0.1:{at.sidecar}",
        "127.0.0.1:8888": f"127.0.0.1:{at.engine}",
        ":80 {": f"http://:{at.public} {{\n\tbind 127.0.0.1",
        "response_header_timeout 65s": "response_header_timeout 2s",
    },
    command=lambda program, at: [program, "run", "--config", "Caddyfile"],
    program="caddy",
    service=_authz("forward_auth", annotated="hand-over"),
    closed={
        "handle_errors 502 503 504 {": "handle_errors 599 {",
    },
)

TRAEFIK = Proxy(
    name="traefik",
    files=("traefik.yaml", "dynamic.yaml"),
    places=lambda at: {
        "http://127.0.0.1:8080": f"http://127.0.0.1:{at.sidecar}",
        "http://127.0.0.1:8888": f"http://127.0.0.1:{at.engine}",
        'address: ":80"': f'address: "127.0.0.1:{at.public}"',
        "127.0.0.1:8079": f"127.0.0.1:{at.spare}",
        "/etc/traefik/dynamic.yaml": f"{at.folder}/dynamic.yaml",
    },
    command=lambda program, at: [program, "--configFile=traefik.yaml"],
    program="traefik",
    service=_authz("forward_auth"),
    closed={"service: question\n": "service: interceptor\n"},
    replaced=403,
    annotates=False,
    semicolon="%3B",
)

ENVOY = Proxy(
    name="envoy",
    files=("envoy.yaml",),
    places=lambda at: {
        "port_value: 8080": f"port_value: {at.sidecar}",
        "port_value: 8888": f"port_value: {at.engine}",
        "address: 0.0.0.0, port_value: 80}": f"address: 127.0.0.1, port_value: {at.public}}}",
    },
    command=lambda program, at: [
        program,
        "-c",
        "envoy.yaml",
        "--log-level",
        "critical",
        "--use-dynamic-base-id",
        "--concurrency",
        "1",
    ],
    program="envoy",
    service=_authz("ext_authz", annotated="hand-over"),
    closed={"failure_mode_allow: true": "failure_mode_allow: false"},
    replaced=403,
)

KINDS = (NGINX, HAPROXY, HTTPD, CADDY, TRAEFIK, ENVOY)
