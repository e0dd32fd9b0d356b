"""案卷: what belongs in the folder of a case, and that folder packed as one file.

`contents` lists what is in it, `aims` says what evidence is to prove, `pages` is what its PDFs are
drawn from, `packing` makes the file (data in, bytes out), `requests` has it made by a job and says
who may fetch it.
"""
