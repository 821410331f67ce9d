//! The browser's door: grpc-web, REST and the web apps on one port.
