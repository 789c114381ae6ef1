-- Reads the files that the filler wrote.
local folder = os.getenv("BENCH_FOLDER")
-- Each line of them is an id or a token.
local LENGTH = 36

-- The lines of a file, which stay one string: the collector of a table of a million would stop
-- this load for 80 ms at a time, and the server be taken for slow.
function lines(name)
  local text = io.open(folder .. "/" .. name):read("*a")
  assert(#text % (LENGTH + 1) == 0, name .. " has lines of another length")
  local all = { count = #text / (LENGTH + 1) }
  function all.at(index)
    local start = (index - 1) * (LENGTH + 1)
    return text:sub(start + 1, start + LENGTH)
  end
  return all
end

function application(member)
  local text = io.open(folder .. "/application.json"):read("*a")
  return text:match('"' .. member .. '":"([^"]+)"')
end
