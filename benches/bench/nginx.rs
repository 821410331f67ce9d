//! The peer of the gateway: nginx, which hands gRPC on and keeps its connections to the role.

use harness::{Folder, Port, Process, command};
use std::fs;

const CONFIGURATION: &str = "\
daemon off;
worker_processes 1;
pid {FOLDER}/pid;
error_log {FOLDER}/errors;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path {FOLDER}/client;
    proxy_temp_path {FOLDER}/proxy;
    fastcgi_temp_path {FOLDER}/fastcgi;
    uwsgi_temp_path {FOLDER}/uwsgi;
    scgi_temp_path {FOLDER}/scgi;
    keepalive_requests 1000000000;
    upstream role {
        server {ROLE};
        keepalive 128;
        keepalive_requests 1000000000;
        keepalive_time 1d;
    }
    server {
        listen {LISTEN} http2;
        location / { grpc_pass grpc://role; }
    }
}
";

/// Where Debian puts it, which is not in everybody's PATH.
const PROGRAM: &str = "/usr/sbin/nginx";

/// One nginx; stopped when dropped.
pub struct Nginx {
    process: Process,
    port: Port,
    _folder: Folder,
}

impl Nginx {
    /// Before a role; `None` where nginx is not installed.
    pub async fn before(role: &str) -> Option<Self> {
        fs::exists(PROGRAM).ok().filter(|there| *there)?;
        let (folder, port) = (Folder::new("nginx"), Port::free());
        let configuration = CONFIGURATION
            .replace("{FOLDER}", &folder.path().display().to_string())
            .replace("{ROLE}", role)
            .replace("{LISTEN}", &port.address());
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration).expect("a file");
        let mut nginx = command(PROGRAM);
        nginx.arg("-c").arg(&file).arg("-p").arg(folder.path());
        let mut process = Process::spawn("nginx", nginx, &folder.join("log"));
        process.until_listening(&port).await;
        Some(Self { process, port, _folder: folder })
    }

    pub fn address(&self) -> String {
        self.port.address()
    }

    /// The master and its workers.
    pub fn pids(&self) -> Vec<u32> {
        self.process.pids()
    }
}
