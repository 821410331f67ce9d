//! Compiles the contracts without an installed protoc.
use std::{env, error::Error, fs, path::Path};

/// Messages that hold a password, a PIN, a code or a token.
const SECRET: [&str; 11] = [
    "PasswordProof",
    "PinProof",
    "SignInRequest",
    "SignInRequest.proof",
    "RefreshRequest",
    "Session",
    "CreateStaffRequest",
    "UpdateStaffRequest",
    "CreatePairingCodeResponse",
    "PairDeviceRequest",
    "PairDeviceResponse",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=comanda");
    let mut compiler = protox::Compiler::new(["."])?;
    compiler.include_imports(true).include_source_info(true);
    // Of `mesh` only the descriptors are needed here: mesh has the code.
    let areas = ["type", "catalog", "orders", "kitchen", "identity", "events", "mesh"];
    for area in areas {
        for entry in fs::read_dir(format!("comanda/{area}/v1"))? {
            compiler.open_file(entry?.path())?;
        }
    }
    // These bytes keep the access option of each method, which the gate reads.
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("descriptors.bin"), compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure()
        .bytes(".")
        // Written by hand in src/secret.rs: what a log shows of them is their name.
        .skip_debug(SECRET.map(|message| format!(".comanda.identity.v1.{message}")))
        // Written by hand in src/encoded.rs, which says why.
        .extern_path(".comanda.catalog.v1.GetMenuResponse", "crate::encoded::GetMenuResponse")
        .extern_path(".comanda.catalog.v1.WatchMenuResponse", "crate::encoded::WatchMenuResponse")
        .emit_rerun_if_changed(false)
        .compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
