"""The pages: one script each, and the packages they are put together from.

From the ground up: wording; charts; ui; upload; exploring, ledger; themes, places, shell; and the scripts. Words,
charts and elements are handed their rows; the packages above them ask.
"""
