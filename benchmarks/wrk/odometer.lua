-- Reads the odometer of cars with their own tokens: drawn uniformly, or one after the other.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/?.lua;" .. package.path
require("lines")

local vehicles = lines("vehicles.txt")
local tokens = lines("access-tokens.txt")
local sequential = os.getenv("BENCH_ORDER") == "sequential"
-- How many come before the first, one after the other.
local next = tonumber(os.getenv("BENCH_FROM") or 0)
math.randomseed(1)

function request()
  next = sequential and next % vehicles.count + 1 or math.random(vehicles.count)
  -- As wrk.format makes it, which takes three times as long.
  return "GET /v2.0/vehicles/" .. vehicles.at(next) .. "/odometer HTTP/1.1\r\nHost: carport\r\nAuthorization: Bearer "
    .. tokens.at(next) .. "\r\n\r\n"
end
