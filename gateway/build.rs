//! A release embeds the built pages, so it is built anew when they change; a debug build reads them from disk.
use std::env;

fn main() {
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo:rerun-if-changed={}", if release { "web/dist" } else { "build.rs" });
}
