"""How a visitor acts on the scene: pure functions from inputs and tables to new poses and commands."""
