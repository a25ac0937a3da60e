//! Compiles the simulator's window into the crate.

use slint_build::{CompileError, CompilerConfiguration, compile_with_config};

fn main() -> Result<(), CompileError> {
    let config = CompilerConfiguration::new().with_style("fluent-light".to_owned());
    compile_with_config("slint/desktop.slint", config)
}
