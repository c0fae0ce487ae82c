"""What the released counts say: rates with intervals, comparisons of messages, before and after a change."""
