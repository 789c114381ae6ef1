-- Refreshes with each token of the file, then with those of the answers in the order they came.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/?.lua;" .. package.path
require("lines")
local ffi = require("ffi")

local tokens = lines("refresh-tokens.txt")
local used = 0
-- Applications refresh as tokens expire, which is the order of issue; any other is worse.
local order
if os.getenv("BENCH_ORDER") == "shuffled" then
  math.randomseed(1)
  order = ffi.new("int32_t[?]", tokens.count + 1)
  for index = 1, tokens.count do
    local other = math.random(index)
    order[index] = order[other]
    order[other] = index
  end
end
local answered = {}
local first, last = 1, 0
local headers = { ["content-type"] = "application/x-www-form-urlencoded" }
local credentials = "client_id=" .. application("clientId")
  .. "&client_secret=" .. application("clientSecret")
  .. "&grant_type=refresh_token&refresh_token="

local function next_token()
  if used < tokens.count then
    used = used + 1
    return tokens.at(order and order[used] or used)
  end
  local token = answered[first]
  answered[first] = nil
  first = first + 1
  return token
end

function request()
  return wrk.format("POST", "/oauth/token", headers, credentials .. next_token())
end

function response(status, _, body)
  local token = body:match('"refresh_token":"([^"]+)"')
  if token then
    last = last + 1
    answered[last] = token
  end
end
