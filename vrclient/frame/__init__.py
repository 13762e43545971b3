"""The values of one frame: which views are drawn, when, and from what inputs. Values only; nothing here draws."""
