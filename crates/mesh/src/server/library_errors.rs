//! What the gRPC library answers by itself, said in our own words: every refusal has a reason for programs and a
//! sentence in the caller's language. Ours always carry details, so one without them is the library's.
//!
//! In an answer's head the library speaks before any handler has run, and what it calls INTERNAL there is a request
//! that it could not read: no message, a broken frame, bytes that are none of the contract's. That is the caller's
//! mistake.

use comanda_context::{error::ApiError, language::Language};
use http::{HeaderMap, HeaderName, Response};
use tonic::{Code, Status};

/// Only the refusal of a compression names those that are known.
const KNOWN_ENCODINGS: HeaderName = HeaderName::from_static("grpc-accept-encoding");

/// Restates a refusal that came with the head.
pub(crate) fn head<B>(mut answer: Response<B>, language: Language) -> Response<B> {
    let headers = answer.headers_mut();
    match foreign(headers) {
        Some(Code::Internal) => restate(headers, ApiError::malformed(), language),
        Some(code) => restate(headers, of(code, headers), language),
        None => {}
    }
    answer
}

/// Restates one that ends a stream.
pub(crate) fn trailers(trailers: &mut HeaderMap, language: Language) {
    if let Some(code) = foreign(trailers) {
        restate(trailers, of(code, trailers), language);
    }
}

/// The code of a refusal that is not ours.
fn foreign(headers: &HeaderMap) -> Option<Code> {
    let code = Code::from_bytes(headers.get(Status::GRPC_STATUS)?.as_bytes());
    (code != Code::Ok && !headers.contains_key(Status::GRPC_STATUS_DETAILS)).then_some(code)
}

fn restate(headers: &mut HeaderMap, fault: ApiError, language: Language) {
    // Fails only for metadata that is no header, and this status has none.
    let _ = fault.into_status(language).add_header(headers);
}

fn of(code: Code, headers: &HeaderMap) -> ApiError {
    match code {
        // Only a message that is too long is out of range to it.
        Code::OutOfRange => ApiError::message_too_large(),
        Code::Unimplemented if headers.contains_key(KNOWN_ENCODINGS) => ApiError::new(
            code,
            "ENCODING_UNKNOWN",
            "the message is compressed in a way that is not known here",
            "a mensagem está comprimida de um modo que não se conhece aqui",
        ),
        Code::Unimplemented => ApiError::unknown_rpc(),
        Code::NotFound => ApiError::new(code, "NOT_FOUND", "there is no such thing here", "isso não existe aqui"),
        Code::InvalidArgument => ApiError::malformed(),
        Code::DeadlineExceeded => ApiError::too_late(),
        Code::Cancelled => ApiError::new(code, "CANCELLED", "the call was given up", "a chamada foi abandonada"),
        Code::ResourceExhausted => {
            ApiError::new(code, "RESOURCE_EXHAUSTED", "this is more than fits", "isto é mais do que cabe")
        }
        Code::Unavailable => {
            ApiError::new(code, "UNAVAILABLE", "no answer could be had; try again", "não houve resposta; tente de novo")
        }
        _ => ApiError::internal(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::StatusExt;

    fn restated(status: Status) -> (Code, String, String) {
        let answer = head(status.into_http::<()>(), Language::Portuguese);
        let status = Status::from_header_map(answer.headers()).expect("a status");
        let details = status.get_error_details();
        let reason = details.error_info().map_or_else(String::new, |info| info.reason.clone());
        (status.code(), reason, details.localized_message().map_or_else(String::new, |local| local.message.clone()))
    }

    #[test]
    fn what_the_library_cannot_read_is_the_callers_mistake() {
        let (code, reason, sentence) = restated(Status::internal("Missing request message."));
        assert_eq!((code, reason.as_str()), (Code::InvalidArgument, "MESSAGE_MALFORMED"));
        assert!(!sentence.is_empty());
        let (code, reason, _) = restated(Status::out_of_range("Error, decoded message length too large"));
        assert_eq!((code, reason.as_str()), (Code::InvalidArgument, "MESSAGE_TOO_LARGE"));
        let (code, reason, _) = restated(Status::unimplemented(""));
        assert_eq!((code, reason.as_str()), (Code::Unimplemented, "RPC_UNKNOWN"));
    }

    #[test]
    fn what_is_ours_is_left_as_it_is() {
        let (code, reason, _) = restated(ApiError::internal().into());
        assert_eq!((code, reason.as_str()), (Code::Internal, "INTERNAL"));
        let mut ended = HeaderMap::new();
        Status::internal("broken").add_header(&mut ended).expect("headers");
        trailers(&mut ended, Language::English);
        let status = Status::from_header_map(&ended).expect("a status");
        assert_eq!((status.code(), status.message()), (Code::Internal, "internal error"), "an answer was under way");
        let mut well = HeaderMap::new();
        Status::ok("").add_header(&mut well).expect("headers");
        trailers(&mut well, Language::English);
        assert_eq!(Status::from_header_map(&well).map(|status| status.code()), Some(Code::Ok));
    }
}
