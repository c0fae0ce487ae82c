-- Asks the interceptor about a request before HAProxy forwards it.
--
--   http-request lua.interceptor_asks 127.0.0.1:8080 open
--
-- Sets txn.interceptor to pass, annotate, replace, refuse or fail, and txn.interceptor_ticket with replace. Without an
-- answer it is pass where the second argument is "open", and fail where it is "closed". It logs nothing.

local WAIT_MS = 2000

-- What the interceptor looks at beside method and target.
local FIELDS = { "host", "accept", "accept-language", "sec-purpose", "purpose", "x-moz" }

local function asks(txn, address, policy)
    local sent = txn.http:req_get_headers()
    local fields = {
        ["x-original-method"] = { txn.sf:method() },
        ["x-original-uri"] = { txn.sf:pathq() },
    }
    for _, name in ipairs(FIELDS) do
        if sent[name] ~= nil then
            fields[name] = { sent[name][0] }
        end
    end
    local answer = core.httpclient():get({
        url = "http://" .. address .. "/_interceptor/authz/auth-request",
        headers = fields,
        timeout = WAIT_MS,
    })

    local status = answer ~= nil and answer.status or 0
    local action = nil
    if status == 200 or status == 403 then
        local named = answer.headers["x-interceptor-action"]
        action = named ~= nil and named[0] or nil
    elseif status == 0 or status >= 500 then
        action = policy == "open" and "pass" or "fail"
    end
    -- Any other answer comes from an interceptor that is not set up for this: that must not go unnoticed.
    txn:set_var("txn.interceptor", action or "fail")
    if action == "replace" then
        txn:set_var("txn.interceptor_ticket", answer.headers["x-interceptor-ticket"][0])
    end
end

core.register_action("interceptor_asks", { "http-req" }, asks, 2)
