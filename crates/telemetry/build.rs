//! Compiles the one contract that mesh itself serves, the status of a process, without an installed protoc. It lies in
//! `proto/` beside those of the services; mesh reads the file and depends on nobody's code.
use std::{env, error::Error, fs, path::Path};

const CONTRACTS: &str = "../../proto";
const OURS: &str = "comanda/mesh/v1/status.proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={CONTRACTS}/{OURS}");
    let mut compiler = protox::Compiler::new([CONTRACTS])?;
    compiler.include_imports(true).include_source_info(true).open_file(OURS)?;
    // By these bytes the message is written as JSON.
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("status.bin"), compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure().emit_rerun_if_changed(false).compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
