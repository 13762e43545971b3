"""Where frames go: a window or a hidden buffer behind one contract (backend.py), and choosing between them (select.py)."""
