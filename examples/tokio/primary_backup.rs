// SPDX-License-Identifier: MIT

use tokio::time::{sleep, Duration};

async fn fetch(ms: u64) {
    sleep(Duration::from_millis(ms)).await;
}

#[tokio::main]
async fn main() {
    tokio::select! {
        _ = fetch(7000) => println!("primary"),
        _ = fetch(300) => println!("backup"),
        _ = sleep(Duration::from_secs(5)) => println!("timeout"),
    }
}
