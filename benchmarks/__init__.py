"""What the README's figures come from: ratios measured in one run, side by side, interleaved, medians."""
