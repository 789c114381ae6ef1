-- Asks with tokens that do not work: those of a file, or made up ones.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/?.lua;" .. package.path
require("lines")

local vehicles = lines("vehicles.txt")
local kind = os.getenv("BENCH_ORDER")
local tokens = kind ~= "unknown" and lines(kind .. "-tokens.txt")
math.randomseed(1)

local function made_up()
  local function hex(digits) return string.format("%0" .. digits .. "x", math.random(0, 16 ^ digits - 1)) end
  return hex(8) .. "-" .. hex(4) .. "-" .. hex(4) .. "-" .. hex(4) .. "-" .. hex(6) .. hex(6)
end

function request()
  local token = tokens and tokens.at(math.random(tokens.count)) or made_up()
  local headers = { authorization = "Bearer " .. token }
  return wrk.format("GET", "/v2.0/vehicles/" .. vehicles.at(math.random(vehicles.count)) .. "/odometer", headers)
end
