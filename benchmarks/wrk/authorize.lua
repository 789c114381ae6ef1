-- Begins a run through Connect: a durable write and a redirect.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/?.lua;" .. package.path
require("lines")

local path = "/oauth/authorize?response_type=code&mode=test&scope=read_odometer&client_id="
  .. application("clientId")

function request()
  return wrk.format("GET", path)
end
