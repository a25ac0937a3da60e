//! Compiles the screens, their fonts and their translations (`ui/slint`, `ui/lang`) into the crate.

use slint_build::{CompileError, CompilerConfiguration, DefaultTranslationContext, compile_with_config};

fn main() -> Result<(), CompileError> {
    let config = CompilerConfiguration::new()
        .with_style("fluent".to_owned())
        .with_bundled_translations("../lang")
        .with_default_translation_context(DefaultTranslationContext::None)
        .with_debug_info(is_debug() || is_found());
    compile_with_config("../slint/app.slint", config)
}

/// Tests find elements through debug information, which a terminal's release does without.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script its profile in the environment"
)]
fn is_debug() -> bool {
    std::env::var("PROFILE").is_ok_and(|profile| profile == "debug")
}

/// Fingers find elements as tests do.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script the features in the environment"
)]
fn is_found() -> bool {
    std::env::var("CARGO_FEATURE_FOUND").is_ok()
}
