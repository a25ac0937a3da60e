//! A terminal's storage at work, for the kill tests: it writes without end and says what is committed.
//!
//! `ACK <stage> <n>` goes out only after the commit of that stage of act `n` returned; whoever kills this process may
//! rely on every line that it read.

use std::io::{Write, stdout};
use std::path::Path;

use tests::kill::{self, Stage, Stores};

fn main() -> anyhow::Result<()> {
    let folder = std::env::args()
        .nth(1)
        .ok_or_else(|| anyhow::anyhow!("usage: victim FOLDER"))?;
    let mut stores = Stores::open(Path::new(&folder))?;
    stores.roll_forward()?;
    let mut out = stdout().lock();
    let mut n = stores.next_act()?;
    loop {
        for stage in Stage::ALL {
            stores.commit(stage, n)?;
            writeln!(out, "{}", kill::line(stage, n))?;
            out.flush()?;
        }
        n += 1;
    }
}
