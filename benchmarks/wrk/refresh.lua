-- Refreshes: each answer's refresh token goes to the end of the queue.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/?.lua;" .. package.path
require("lines")

local tokens = lines("refresh-tokens.txt")
local first, last = 1, #tokens
-- Applications refresh as tokens expire, which is the order of issue; any other is worse.
if os.getenv("BENCH_ORDER") == "shuffled" then
  math.randomseed(1)
  for index = #tokens, 2, -1 do
    local other = math.random(index)
    tokens[index], tokens[other] = tokens[other], tokens[index]
  end
end
local headers = { ["content-type"] = "application/x-www-form-urlencoded" }
local credentials = "client_id=" .. application("clientId")
  .. "&client_secret=" .. application("clientSecret")
  .. "&grant_type=refresh_token&refresh_token="

function request()
  local token = tokens[first]
  tokens[first] = nil
  first = first + 1
  return wrk.format("POST", "/oauth/token", headers, credentials .. token)
end

function response(status, _, body)
  local token = body:match('"refresh_token":"([^"]+)"')
  if token then
    last = last + 1
    tokens[last] = token
  end
end
