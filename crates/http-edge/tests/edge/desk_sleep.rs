//! A page that slept for longer than the edge remembers, and a line that breaks at any byte.

use std::net::SocketAddr;

use events::{Outgoing, Service, users::Role};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
};
use uuid::Uuid;

use crate::{
    browser::Window,
    desk::writes,
    desk_live::{TEXTS, received},
    harness::TestEdge,
};

const CHAT: &str = "/dashboard/users/4242/operator-chat";

/// More events than the edge remembers, of which no page shows anything.
async fn an_hour_passes(edge: &TestEdge) {
    let noise: Vec<Outgoing> = (0..10_050)
        .map(|_| {
            let event = events::users::UserSignedIn {
                user_id: Uuid::now_v7(),
                listener: events::users::Listener::Public,
            };
            Outgoing::request(Service::HttpEdge, "test", event)
        })
        .collect();
    edge.system.bus(Service::HttpEdge).await.publish_all(&noise).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_slept_for_an_hour_in_another_network_has_everything_once() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 4242, "1").await;
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &operator.user().phone, CHAT).await;
    window.until("the first", &format!("{TEXTS}.join() === '1'")).await;
    window.run("window.mark = 1; messageText.focus()").await;
    window.keys("недописано").await;

    window.0.asleep(true).await;
    received(&edge, &["2"]).await;
    window.0.offline(true).await;
    received(&edge, &["3"]).await;
    an_hour_passes(&edge).await;
    received(&edge, &["4"]).await;
    window.0.offline(false).await;
    window.0.asleep(false).await;
    window.until("what came meanwhile", &format!("{TEXTS}.join() === '1,2,3,4'")).await;
    received(&edge, &["5"]).await;
    window.until("what comes afterwards", &format!("{TEXTS}.join() === '1,2,3,4,5'")).await;
    let kept = window.run("return [window.mark, messageText.value, document.activeElement.id]").await;
    assert_eq!(kept, json!([1, "недописано", "messageText"]), "without a reload");
    window.0.close().await;
    edge.stop().await;
}

/// Passes everything on, but of a live stream only so many bytes: then the connection is gone.
async fn breaking_line(to: SocketAddr, bytes: u64) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass(client, to, bytes));
        }
    });
    address
}

async fn pass(mut client: TcpStream, to: SocketAddr, bytes: u64) -> std::io::Result<()> {
    let mut server = TcpStream::connect(to).await?;
    let (mut from_server, mut to_server) = server.split();
    let (mut from_client, mut to_client) = client.split();
    let mut head = vec![0; 16_384];
    loop {
        let n = tokio::select! {
            n = from_client.read(&mut head) => n?,
            _ = copy(&mut from_server, &mut to_client) => return Ok(()),
        };
        if n == 0 {
            return Ok(());
        }
        to_server.write_all(&head[..n]).await?;
        if head[..n].starts_with(b"GET /api/operator-chats/live") {
            copy(&mut from_server.take(bytes), &mut to_client).await?;
            return Ok(());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_in_the_middle_of_a_frame_again_and_again_loses_and_doubles_nothing() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 4242, "1").await;
    let line = breaking_line(edge.backoffice.trim_start_matches("http://").parse().unwrap(), 2_900).await;
    let window = Window::open().await;
    window.sign_in(&format!("http://{line}"), &operator.user().phone, CHAT).await;
    window.until("the first", &format!("{TEXTS}.join() === '1'")).await;
    window.run("window.mark = 1").await;
    received(&edge, &["2", "3", "4", "5", "6", "7", "8"]).await;
    window.until("every message", &format!("{TEXTS}.join() === '1,2,3,4,5,6,7,8'")).await;
    assert_eq!(window.run("return window.mark").await, 1, "without a reload");
    let opened =
        "return performance.getEntriesByType('resource').filter(({name}) => name.includes('/live')).length";
    let opened = window.run(opened).await;
    assert!(opened.as_u64().unwrap() > 1, "the line was to break: {opened}");
    window.0.close().await;
    edge.stop().await;
}
