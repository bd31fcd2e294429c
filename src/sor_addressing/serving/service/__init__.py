"""The service: a register asked over HTTP. Needs the extra ``serve`` (Starlette and uvicorn); everything is answered by the floors below."""
