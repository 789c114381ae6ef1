-- Reads the files that the filler wrote.
local folder = os.getenv("BENCH_FOLDER")

function lines(name)
  local all = {}
  for line in io.lines(folder .. "/" .. name) do
    all[#all + 1] = line
  end
  return all
end

function application(member)
  local text = io.open(folder .. "/application.json"):read("*a")
  return text:match('"' .. member .. '":"([^"]+)"')
end
