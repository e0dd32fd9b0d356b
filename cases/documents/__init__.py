"""Documents of a case: the files that came with it or were made for it.

- `handler`: the files as they come, encrypted before they touch the disk;
- `types`: what a file is, told by its content, and which are taken;
- `names`: what a file may be called;
- `content`: the bytes of a document, and where they lie.

What may be done with them is `cases.workflow.papers`.
"""
