"""The panels of a visit, each a pure function of what it shows. shown.py says which are there now; the widgets' ids are in
modes/ids.py."""
