"""The demonstration: 秀洲区 with its published year 2020 and a current year that looks lived-in.

Organs are real offices, the figures of 2020 are published; every person, address and document is
invented and plainly so. The data stand in modules of their own, as data; `seeding` loads them.
"""
