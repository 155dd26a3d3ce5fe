"""The web edge, driven as people drive it."""
