//! Messages that hold a password, a PIN, a code or a token: nothing that prints them shows more than their name. `build.rs`
//! has the same list, so that one which is missing here does not compile.

use crate::identity::v1::{
    CreatePairingCodeResponse, CreateStaffRequest, PairDeviceRequest, PairDeviceResponse, PasswordProof, PinProof,
    RefreshRequest, Session, SignInRequest, UpdateStaffRequest, sign_in_request::Proof,
};
use std::fmt;

macro_rules! secret {
    ($($message:ident),+) => {$(
        impl fmt::Debug for $message {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($message), "(…)"))
            }
        }
    )+};
}

secret!(
    PasswordProof,
    PinProof,
    SignInRequest,
    Proof,
    RefreshRequest,
    Session,
    CreateStaffRequest,
    UpdateStaffRequest,
    CreatePairingCodeResponse,
    PairDeviceRequest,
    PairDeviceResponse
);
