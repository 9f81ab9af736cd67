//! `cargo xtask run`: from a fresh clone to an open window.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use crate::node;
use crate::places::Places;
use crate::shell::{cargo, locked, must, shown};
use crate::system::{self, Purpose};

pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    let ours = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    let (ours, rest) = args.split_at(ours);
    let mut passed: Vec<&String> = rest.iter().skip(1).collect();
    let (mut yes, mut release) = (false, false);
    for arg in ours {
        match arg.as_str() {
            "--yes" => yes = true,
            "--release" => release = true,
            // Anything else is meant for Uncouple, as in `cargo xtask run --workspace FILE`.
            _ => passed.push(arg),
        }
    }

    let places = Places::find()?;
    let display = system::has_display();
    system::ready(if display { Purpose::Window } else { Purpose::Harness }, yes)?;
    println!("Building the window's pages (ui)");
    node::ui(&places)?;
    if !display {
        if !passed.is_empty() {
            bail!("there is no display, so the tour would start with arguments of its own; please leave yours out");
        }
        println!("There is no display here: starting a virtual one (Xvfb).");
        return tour(&places).map(|_folder| ExitCode::SUCCESS);
    }

    println!("Building Uncouple (in {})", places.target.display());
    let mut build = cargo(&places);
    build.args(["build", "--package", "uncouple", "--bin", "uncouple"]).args(locked());
    if release {
        build.arg("--release");
    }
    must(&mut build)?;

    let profile = if release { "release" } else { "debug" };
    let program = places.target.join(profile).join(format!("uncouple{}", std::env::consts::EXE_SUFFIX));
    let mut window = Command::new(program);
    window.args(passed);
    println!("Opening the window: {}", shown(&window));
    let status = system::hand_over(&mut window)?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The same window, driven through what a person would do, with pictures to look at afterwards in the folder it returns.
pub(crate) fn tour(places: &Places) -> Result<PathBuf> {
    let folder = places.fresh_output("tour")?;
    println!("Taking the tour; its pictures go to {}", folder.display());
    let mut test = cargo(places);
    test.args(["test", "--workspace", "--test", "tour"])
        .args(locked())
        .args(["--", "--nocapture"])
        .env("UNCOUPLE_TOUR_DIR", &folder);
    must(&mut test).context("the tour did not reach its end")?;
    println!("\nThe tour is finished. Pictures and the exported history: {}", folder.display());
    Ok(folder)
}
