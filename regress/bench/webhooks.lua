-- wrk: every signed request of the file REQUESTS once, to WEBHOOK_PATH, by one thread.
local requests, sent = {}, 0

function init()
	for line in io.lines(os.getenv("REQUESTS")) do
		local stamp, signature, body = line:match("^(%d+)\t(%x+)\t(.*)$")
		requests[#requests + 1] = wrk.format("POST", os.getenv("WEBHOOK_PATH"), { ["Host"] = wrk.host .. ":" .. wrk.port, ["Content-Type"] = "application/json",
			["X-Timestamp"] = stamp, ["X-Signature"] = signature }, body)
	end
end

local answered = 0

function request()
	sent = sent + 1
	return requests[math.min(sent, #requests)]
end

function response()
	answered = answered + 1
	if answered >= #requests then
		wrk.thread:stop()
	end
end

function done(summary, latency)
	io.write(string.format("RESULT %d %d %d %.3f\n", summary.requests, summary.duration, summary.errors.status,
		latency:percentile(99) / 1000))
end
