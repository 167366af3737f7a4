#!/bin/sh
# Grab frame: one picture out of a clip, with ffmpeg. Plain POSIX shell; sed reads the flat part of the request.
here=$(cd "$(dirname "$0")" && pwd)
case "${1:-run}" in
describe) cat "$here/pipeline.json"; exit 0 ;;
check)
	command -v ffmpeg >/dev/null && { echo '{"ok": true}'; exit 0; }
	echo '{"ok": false, "code": "DEPENDENCY_MISSING", "message": "ffmpeg is not installed.", "detail": ""}'
	exit 78 ;;
esac
job=${JOB_DIR:-/job}
seq=0
started=$(date +%s)

tell() { # a line of JSON fields
	seq=$((seq + 1))
	printf '{"v":1,"seq":%d,"ts":%s,%s}\n' "$seq" "$(date +%s)" "$1" >>"$job/events.jsonl"
}
end() { # status, exit status, more fields; the result is the last thing written
	elapsed=$(($(date +%s) - started))
	printf '{"contract":1,"status":"%s","elapsed_s":%d,%s}\n' "$1" "$elapsed" "$3" >"$job/outputs/.result.part"
	mv "$job/outputs/.result.part" "$job/outputs/result.json"
	exit "$2"
}
refuse() { # code, exit status, sentence, field
	end failed "$2" "$(printf '"error":{"code":"%s","message":"%s","field":"%s"}' "$1" "$3" "$4")"
}
made="$job/outputs/frame.png"
cancel() { # "$!" is what runs in the background, from the moment it runs
	[ -z "$!" ] || { kill "$!" 2>/dev/null; wait "$!"; }
	rm -f "$made"
	end canceled 143 '"error":{"code":"CANCELED","message":"Canceled."}'
}
trap cancel TERM

request=$(tr -d '\n' <"$job/request.json")
part() { printf '%s' "$request" | sed -n "s/.*\"$1\": *$2.*/\\1/p"; }

[ "$(part contract '\([0-9]*\)')" = 1 ] || refuse CONTRACT_MISMATCH 64 'This pipeline speaks contract 1.' ''
params=$(part params '{\([^}]*\)}')
for name in $(printf '%s' "$params" | grep -o '"[A-Za-z_]*" *:' | tr -d '": '); do
	[ "$name" = seconds ] || refuse VALIDATION_ERROR 64 "This pipeline has no setting called $name." "$name"
done
seconds=$(printf '%s' "$params" | sed -n 's/.*"seconds": *\([^,}]*\).*/\1/p')
: "${seconds:=0}"
printf '%s' "$seconds" | grep -Eq '^[0-9]+(\.[0-9]+)?$' && [ "${seconds%.*}" -le 3600 ] ||
	refuse VALIDATION_ERROR 64 'Time must be a number from 0 to 3600.' seconds

paths=$(printf '%s' "$request" | sed -n 's/.*"clip": *\[\([^]]*\)\].*/\1/p' | grep -o '"path": *"[^"]*"' | sed 's/.*: *"//; s/"$//')
[ "$(printf '%s\n' "$paths" | grep -c .)" = 1 ] || refuse VALIDATION_ERROR 64 'Clip is one file.' clip
[ -f "$job/$paths" ] || refuse FILE_NOT_FOUND 66 'The clip is missing from the job folder.' clip

tell '"t":"started"'
tell '"t":"progress","f":0,"stage":"Looking for the frame"'
# In the background, so that a cancel is heard at once.
ffmpeg -v error -nostdin -y -ss "$seconds" -i "$job/$paths" -frames:v 1 -fflags +bitexact "$made" &
wait "$!" || refuse UNSUPPORTED_MEDIA 66 'The clip cannot be read.' clip
[ -s "$made" ] || refuse VALIDATION_ERROR 64 'The clip is shorter than that.' seconds
tell '"t":"progress","f":1,"stage":"Done"'
sha=$(sha256sum "$made" | cut -d ' ' -f 1)
bytes=$(wc -c <"$made" | tr -d ' ')
end succeeded 0 "\"outputs\":[{\"name\":\"image\",\"path\":\"outputs/frame.png\",\"sha256\":\"$sha\",\"bytes\":$bytes,\"mime\":\"image/png\"}],\"determinism\":\"bitwise\""
