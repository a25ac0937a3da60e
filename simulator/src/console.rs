//! The parts of a simulated force one by one: HQ with a broker, a camera on the local link, a world from its log.

use std::path::Path;
use std::time::Duration;

use agent::clock::Clock;
use anyhow::{Context, bail};
use domain::Zone;
use hq::files::PoliceFiles;
use hq::gateway::Gateway;
use hq::serve::{self, Address, Brokers};

use crate::broker;
use crate::enrol::{self, Layout};
use crate::patrol::scenario::{self, Scenario};
use crate::world::{Action, Weather, World};

/// Runs HQ on an embedded broker until the process ends; `said` is told where it listens.
pub fn hq(out: &Path, seed: u64, said: impl Fn(&str)) -> anyhow::Result<()> {
    let layout = Layout::new(out);
    let now = Clock::new(Zone::Paris).now();
    let pki = enrol::pki(&layout.pki(), now.utc)?;
    let listening = broker::start(&layout.pki())?;
    let address = Address {
        host: "127.0.0.1".to_owned(),
        port: listening.mutual.port(),
    };
    let files = PoliceFiles::synthetic(seed, now.utc);
    let gateway = Gateway::open(&layout.hq(), pki, files, now.utc).context("could not open HQ's gateway")?;
    let running = serve::spawn(
        gateway,
        &Brokers {
            control: address.clone(),
            bulk: address.clone(),
        },
    )
    .context("could not start HQ")?;
    if !running.is_connected_within(Duration::from_secs(30)) {
        bail!("HQ does not reach its own broker");
    }
    said(&address.to_string());
    // The second line is where phones enrol.
    said(&format!("mqtts://127.0.0.1:{}", listening.bootstrap.port()));
    running.join().context("HQ's thread ended by itself")?;
    Ok(())
}

/// Switches a camera on until the process ends; `said` is told its address and its tag.
pub fn camera(out: &Path, clip: &Path, said: impl Fn(&str)) -> anyhow::Result<()> {
    let layout = Layout::new(out);
    let clock = Clock::new(Zone::Paris);
    std::fs::create_dir_all(layout.hq()).context("could not make HQ's folder")?;
    let file =
        std::fs::read(clip).with_context(|| format!("could not read the clip `{}`", clip.display()))?;
    let on = enrol::camera(&layout, &layout.pki(), &file, &clock)?;
    said(&on.running.address().to_string());
    said(&on.invitation);
    loop {
        std::thread::park();
    }
}

/// What a scenario holds, or its faults, and whether it can be played.
pub fn scenario(file: &Path, json: bool) -> anyhow::Result<(String, bool)> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("could not read `{}`", file.display()))?;
    let read = Scenario::parse(&text);
    let readable = read.is_ok();
    let said = match (read, json) {
        (Ok(scenario), true) => serde_json::to_string_pretty(&serde_json::json!({
            "schema_version": 1,
            "ok": true,
            "name": scenario.name,
            "steps": scenario.step_names(),
            "faults": [],
        }))?,
        (Err(error), true) => serde_json::to_string_pretty(&serde_json::json!({
            "schema_version": 1,
            "ok": false,
            "faults": error.faults(),
        }))?,
        (Ok(scenario), false) => {
            let names = scenario.step_names();
            let steps = (1..)
                .zip(names)
                .map(|(number, name)| format!("{number:>4}  {name}"));
            std::iter::once(format!("{}: can be played", scenario.name))
                .chain(steps)
                .collect::<Vec<_>>()
                .join("\n")
        }
        (Err(error), false) => error.to_string(),
    };
    Ok((said, readable))
}

/// Plays a world's log again in a fresh world; gives its trace, one line an act.
pub fn replay(log: &str) -> anyhow::Result<Vec<String>> {
    let actions = Action::parse_log(log)?;
    let (seed, weather) = head(log)?;
    let dir = tempfile::tempdir().context("could not make a folder for the world")?;
    let mut world = World::new(dir.path(), seed, Scenario::parse(scenario::DEFAULT)?, weather)?;
    for action in actions {
        world.act(action)?;
    }
    world.trace()
}

/// The first line of a log: `# seed N calm` or `# seed N storm`.
fn head(log: &str) -> anyhow::Result<(u64, Weather)> {
    let words: Vec<&str> = log
        .lines()
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ["#", "seed", seed, weather] = words.as_slice() else {
        bail!("the log does not begin with `# seed N calm` or `# seed N storm`");
    };
    let seed = seed.parse().with_context(|| format!("`{seed}` is not a seed"))?;
    match *weather {
        "calm" => Ok((seed, Weather::CLEAR)),
        "storm" => Ok((seed, Weather::STORM)),
        other => bail!("`{other}` is no weather; write calm or storm"),
    }
}
