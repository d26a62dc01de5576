"""The explorer over HTTP: thin, and closed to everybody but its own page.

:mod:`.server` runs it, :mod:`.app` has its routes, :mod:`.guard` decides who is let in. What is
asked is answered by :mod:`layerwalk.surfaces.answer`. Nothing is imported here: FastAPI and
uvicorn take a third of a second, and ``layerwalk --help`` needs neither.
"""
