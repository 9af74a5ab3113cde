"""The golden record: what every address and every page gave when it was last written, and a comparison with it.

It imports no module of the project, so that it runs unchanged before and after modules move: see README.md.
"""
