//! Screens driven as assistive technologies drive them: found by label, pressed, filled, read.
