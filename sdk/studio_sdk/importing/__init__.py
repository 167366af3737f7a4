"""Make a pipeline of a graph that was exported from ComfyUI: what it takes and gives is proposed, a person decides."""
