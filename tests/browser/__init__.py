"""The product in a real browser: each role does its main job, and axe reads every page."""
