"""What the door to ComfyUI holds a job to: `own` the rules, `news` its WebSocket, `form` the files that it sends."""
