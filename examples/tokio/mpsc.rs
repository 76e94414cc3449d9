// SPDX-License-Identifier: MIT

use tokio::sync::mpsc::{self, Receiver, Sender};

async fn source(tx: Sender<i32>) {
    for i in 0..10 {
        tx.send(i).await.unwrap();
    }
}

async fn sink(mut rx: Receiver<i32>) {
    while let Some(i) = rx.recv().await {
        println!("Received: {i}");
    }
}

#[tokio::main]
async fn main() {
    let (tx, rx) = mpsc::channel(4);
    tokio::join!(source(tx), sink(rx));
}
