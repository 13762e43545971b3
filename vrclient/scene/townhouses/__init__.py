"""Town houses by the thousand, made together as columns: houses.py is the way in. Nothing here says where they stand."""
