//! Writes the golden terminal of this version: `seed tests/seeds/v1/terminal`, once, when the version ships.

use std::path::Path;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args()
        .nth(1)
        .ok_or_else(|| anyhow::anyhow!("usage: seed FOLDER"))?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    anyhow::ensure!(
        std::fs::read_dir(folder)?.next().is_none(),
        "`{}` is not empty: what shipped never changes",
        folder.display()
    );
    tests::golden::make(folder)
}
