-- SPDX-License-Identifier: AGPL-3.0-or-later
-- wrk -s wrk.lua URL -- FILE: sends the whole requests of FILE (each ended by
-- a line with a form feed) one after another; @KEY@ becomes a new key each
-- time. The last line of output is one of JSON.

local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local requests, at, sent, keyed = {}, 0, 0, false
function init(args)
  local file = assert(io.open(args[1], "rb"))
  for r in file:read("*a"):gmatch("(.-)\n\f\n") do
    requests[#requests + 1] = r
  end
  file:close()
  keyed = requests[1]:find("@KEY@", 1, true) ~= nil
  at = number * 7919
  math.randomseed(os.time() + number)
  prefix = string.format("%08x%08x", math.random(0, 2^31 - 1), os.time())
end

function request()
  at = at + 1
  local r = requests[at % #requests + 1]
  if not keyed then return r end
  sent = sent + 1
  return (r:gsub("@KEY@", prefix .. string.format("%d%08x", number, sent)))
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"errors":%d,"p50":%.3f,"p95":%.3f,"p99":%.3f}\n',
    summary.requests, summary.duration / 1e6,
    e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
