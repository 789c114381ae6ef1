-- Reads the odometer of one car after the other, each with its own token.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/?.lua;" .. package.path
require("lines")

local vehicles = lines("vehicles.txt")
local tokens = lines("access-tokens.txt")
local next = 0

function request()
  next = next % #vehicles + 1
  local headers = { authorization = "Bearer " .. tokens[next] }
  return wrk.format("GET", "/v2.0/vehicles/" .. vehicles[next] .. "/odometer", headers)
end
