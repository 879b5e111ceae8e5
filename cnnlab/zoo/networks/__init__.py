"""Networks that no library has in their paper's form, one readable file each.

These files import PyTorch at their top; they are themselves imported only when a network is built.
"""
