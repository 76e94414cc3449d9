// SPDX-License-Identifier: MIT

use futures::StreamExt;
use tokio::sync::mpsc;
use tokio::time::{sleep, Duration};
use tokio_stream::wrappers::ReceiverStream;

#[tokio::main]
async fn main() {
    let (tx, rx) = mpsc::channel(100);
    for i in 0..20 {
        tx.send(i).await.unwrap();
    }
    drop(tx);
    ReceiverStream::new(rx)
        .map(|item| async move {
            sleep(Duration::from_millis(100)).await;
            item * 2
        })
        .buffer_unordered(10)
        .for_each(|result| async move {
            println!("Result: {result}");
        })
        .await;
}
