//! Nothing: the package is its tests, which hold the cores against other crates.
