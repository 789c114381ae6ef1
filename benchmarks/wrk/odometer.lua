-- Reads the odometer of cars with their own tokens: drawn uniformly, or one after the other.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/?.lua;" .. package.path
require("lines")

local vehicles = lines("vehicles.txt")
local tokens = lines("access-tokens.txt")
local sequential = os.getenv("BENCH_ORDER") == "sequential"
local next = 0
math.randomseed(1)

function request()
  next = sequential and next % #vehicles + 1 or math.random(#vehicles)
  local headers = { authorization = "Bearer " .. tokens[next] }
  return wrk.format("GET", "/v2.0/vehicles/" .. vehicles[next] .. "/odometer", headers)
end
