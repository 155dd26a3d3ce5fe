"""Ratios against the bare libraries. Milliseconds hold on one machine on one day; ratios carry over."""
