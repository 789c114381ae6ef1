-- Whether a car is compatible, with the application's own credentials.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/?.lua;" .. package.path
require("lines")

local DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(text)
  local padding = (3 - #text % 3) % 3
  text = text .. ("\0"):rep(padding)
  local encoded = text:gsub("...", function(three)
    local a, b, c = three:byte(1, 3)
    local bits = a * 65536 + b * 256 + c
    local digits = ""
    for place = 3, 0, -1 do
      local digit = math.floor(bits / 64 ^ place) % 64
      digits = digits .. DIGITS:sub(digit + 1, digit + 1)
    end
    return digits
  end)
  return encoded:sub(1, #encoded - padding) .. ("="):rep(padding)
end

local path = "/v2.0/compatibility?vin=5YJXCDE22HF068739&scope=read_odometer+read_location+read_battery&country=US"
local headers = {
  authorization = "Basic " .. base64(application("clientId") .. ":" .. application("clientSecret")),
}

function request()
  return wrk.format("GET", path, headers)
end
