-- Five reads of one car in one request, each time of another car.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/?.lua;" .. package.path
require("lines")

local vehicles = lines("vehicles.txt")
local tokens = lines("access-tokens.txt")
local body = '{"requests":[{"path":"/odometer"},{"path":"/location"},{"path":"/battery"},{"path":"/vin"},{"path":"/"}]}'
math.randomseed(1)

function request()
  local next = math.random(vehicles.count)
  return "POST /v2.0/vehicles/" .. vehicles.at(next) .. "/batch HTTP/1.1\r\nHost: carport\r\nAuthorization: Bearer "
    .. tokens.at(next) .. "\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

-- A batch is answered with 200 whatever its parts gave.
function response(_, _, answer)
  local _, served = answer:gsub('"code":200', "")
  assert(served == 5, answer)
end
