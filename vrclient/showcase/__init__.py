"""The showcase format: files in, checked values or diagnostics out. Loads no engine and builds no geometry."""
