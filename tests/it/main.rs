//! Runs that need more than one package: the one integration binary of the workspace.

mod architecture;
