use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

/// One keep-alive HTTP/1.1 connection. The load generator shares the machine with what it measures, so
/// it does nothing but write a request and read the answer.
pub(super) struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
    buffer: Vec<u8>,
    line: String,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            host: address.to_string(),
            buffer: Vec::new(),
            line: String::new(),
        })
    }

    /// The status and the body of the answer.
    pub(super) async fn post_json(
        &mut self,
        path: &str,
        token: &str,
        body: &str,
    ) -> anyhow::Result<(u16, &[u8])> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.host,
            body.len(),
        );
        self.ask(&request).await
    }

    /// The status of the answer to a phone that follows a link.
    pub(super) async fn get(&mut self, path: &str) -> anyhow::Result<u16> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nuser-agent: Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) \
             AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1\r\n\
             accept: text/html,application/xhtml+xml\r\naccept-language: ru\r\n\r\n",
            self.host,
        );
        Ok(self.ask(&request).await?.0)
    }

    /// The status and the body of the answer to a program.
    pub(super) async fn get_json(&mut self, path: &str, token: &str) -> anyhow::Result<(u16, &[u8])> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\naccept: application/json\r\n\r\n",
            self.host,
        );
        self.ask(&request).await
    }

    async fn ask(&mut self, request: &str) -> anyhow::Result<(u16, &[u8])> {
        self.stream.get_mut().write_all(request.as_bytes()).await?;
        let status = self.line().await?.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status: u16 = status.context("the answer has no status")?;
        let mut length = None;
        loop {
            let line = self.line().await?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok();
            }
        }
        let Some(length) = length else { bail!("the answer {status} has no length") };
        self.buffer.resize(length, 0);
        self.stream.read_exact(&mut self.buffer).await?;
        Ok((status, &self.buffer))
    }

    async fn line(&mut self) -> anyhow::Result<&str> {
        self.line.clear();
        if self.stream.read_line(&mut self.line).await? == 0 {
            bail!("the connection was closed");
        }
        Ok(self.line.trim_end())
    }
}
