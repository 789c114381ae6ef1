-- One address, again and again.
function request()
  return wrk.format("GET")
end
